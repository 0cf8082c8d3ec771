//! Logto's own parameters. Logto silently drops all of them if one has an invalid value.

use std::collections::BTreeMap;

use logto::{Acr, DirectSignIn, FirstScreen, Identifier, Prompt, SignInError, SignInOptions};
use logto_testing::Params;

use crate::harness::Harness;

/// The parameters that Logto accepted, and all parameters of the request.
async fn received(harness: &Harness, options: SignInOptions) -> (BTreeMap<String, String>, Params) {
    let start = harness.client.start_sign_in(options).await.unwrap();
    harness.visit(&start).await;
    let request = harness.provider.last_authorization().unwrap();
    (request.extra, request.params)
}

#[tokio::test]
async fn every_option_is_sent_under_logtos_name_and_accepted() {
    let harness = Harness::start().await;
    let token = harness.provider.one_time_token("ada@example.com");
    let options = harness
        .options()
        .with_post_redirect("/after")
        .with_first_screen(FirstScreen::IdentifierSignIn)
        .with_identifiers([Identifier::Email, Identifier::Phone, Identifier::Username])
        .with_login_hint("ada@example.com")
        .with_direct_sign_in(DirectSignIn::social("github").unwrap())
        .with_organization_id("acme")
        .with_ui_locales(["de-CH".parse().unwrap(), "en".parse().unwrap()])
        .with_one_time_token(token.as_str())
        .with_acr_values([Acr::from("urn:a"), Acr::Mfa])
        .with_max_age(120)
        .with_prompt([Prompt::Login, Prompt::Consent])
        .with_extra("theme", "dark & blue");
    let names = options.to_fields().into_iter().map(|(name, _)| name);
    assert!(
        names.eq(SignInOptions::field_names().chain(["theme"])),
        "an option is missing here"
    );
    let (extra, params) = received(&harness, options).await;
    let expected = [
        ("first_screen", "identifier:sign_in"),
        ("identifier", "email phone username"),
        ("login_hint", "ada@example.com"),
        ("direct_sign_in", "social:github"),
        ("organization_id", "acme"),
        ("ui_locales", "de-CH en"),
        ("one_time_token", &token),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(extra, BTreeMap::from(expected));
    for (name, value) in [
        ("acr_values", "urn:a urn:logto:acr:mfa"),
        ("max_age", "120"),
        ("prompt", "login consent"),
        ("theme", "dark & blue"),
    ] {
        assert_eq!(params.all(name), [value]);
    }
}

#[tokio::test]
async fn logto_accepts_every_first_screen_identifier_and_connector() {
    let harness = Harness::start().await;
    let screens = [
        (FirstScreen::SignIn, "sign_in"),
        (FirstScreen::Register, "register"),
        (FirstScreen::ResetPassword, "reset_password"),
        (FirstScreen::IdentifierSignIn, "identifier:sign_in"),
        (FirstScreen::IdentifierRegister, "identifier:register"),
        (FirstScreen::SingleSignOn, "single_sign_on"),
    ];
    for (screen, name) in screens {
        let options = harness
            .options()
            .with_first_screen(screen)
            .with_identifiers([Identifier::Username])
            .with_direct_sign_in(DirectSignIn::sso("connector-1").unwrap());
        let (extra, _) = received(&harness, options).await;
        assert_eq!((extra["first_screen"].as_str(), extra.len()), (name, 3));
    }
}

#[tokio::test]
async fn empty_parameters_are_not_sent() {
    let harness = Harness::start().await;
    let options = harness
        .options()
        .with_first_screen(FirstScreen::Register)
        .with_identifiers([])
        .with_login_hint("")
        .with_organization_id("")
        .with_ui_locales([])
        .with_one_time_token("")
        .with_prompt([])
        .with_extra("theme", "");
    let (extra, params) = received(&harness, options).await;
    let empty: Vec<_> = params.iter().filter(|(_, value)| value.is_empty()).collect();
    assert_eq!(empty, []);
    assert_eq!(extra.len(), 1, "one empty value makes Logto drop the others: {extra:?}");
}

#[tokio::test]
async fn rejects_extra_parameters_of_the_protocol_before_any_request() {
    let harness = Harness::start().await;
    for name in [
        "client_id",
        "client_secret",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "prompt",
        "redirect_uri",
        "request",
        "request_uri",
        "resource",
        "response_mode",
        "response_type",
        "scope",
        "state",
        "max_age",
        "id_token_hint",
        "claims",
        "registration",
        "STATE",
        "Redirect_Uri",
    ] {
        let options = harness.options().with_extra("theme", "dark").with_extra(name, "evil");
        let error = harness.client.start_sign_in(options).await.unwrap_err();
        assert_eq!(error, SignInError::ReservedParameter(name.to_owned()));
    }
    assert_eq!(harness.provider.log().len(), 0);
}

#[tokio::test]
async fn rejects_extra_parameters_that_have_an_option() {
    let harness = Harness::start().await;
    for name in [
        "first_screen",
        "identifier",
        "login_hint",
        "direct_sign_in",
        "organization_id",
        "ui_locales",
        "one_time_token",
    ] {
        let options = harness.options().with_extra(name, "x");
        let error = harness.client.start_sign_in(options).await.unwrap_err();
        assert_eq!(error, SignInError::ReservedParameter(name.to_owned()));
    }
}

/// nextjs-auth0 4.13: a return path could add parameters to the authorization request.
#[tokio::test]
async fn rejects_parameters_smuggled_in_values() {
    let harness = Harness::start().await;
    let smuggled = "x&scope=admin&redirect_uri=https://evil.example.com#\r\nX: y";
    let options = harness
        .options()
        .with_post_redirect(smuggled)
        .with_login_hint(smuggled)
        .with_organization_id(smuggled)
        .with_extra("theme&state=1", smuggled);
    let (extra, params) = received(&harness, options).await;
    assert_eq!(extra["login_hint"], smuggled);
    assert_eq!(params.all("theme&state=1"), [smuggled]);
    assert_eq!(params.all("redirect_uri"), [harness.provider.redirect_uri()]);
    assert_eq!(params.all("state").len(), 1);
    assert_eq!(params.all("scope"), [harness.client.config().scopes().join(" ")]);
}
