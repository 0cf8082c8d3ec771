//! The page for a failed sign-in.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use logto_leptos::{ReturnTo, SignIn, SignOut, auth_session};

use crate::{
    components::{Frame, advice_for, try_again},
    language::language,
};

#[component]
pub(crate) fn SignInError() -> impl IntoView {
    let language = language();
    // An unknown code gets the advice of a general failure: the page repeats no text of the URL.
    let query = use_query_map().get_untracked();
    let code = query.get("code").unwrap_or_default();
    let advice = advice_for(&code);
    // A refusal has its own text. It is sealed, so that no link can choose it.
    let refusal = query.get("refusal").zip(auth_session().ok());
    let refusal = refusal.and_then(|(sealed, session)| session.refusal_text(&code, &sealed));
    let text = refusal.unwrap_or(advice.advice);
    let wait = query.get("retry_after").and_then(|seconds| seconds.parse().ok());
    let wait = wait.map(|seconds: u32| format!(" {}", try_again(Duration::from_secs(seconds.into()))));
    // `POST /sign-in` validates the path. An invalid one becomes the home page.
    let return_to = query.get("return_to").unwrap_or_else(|| "/".to_owned());
    let unregistered = (advice.code == "redirect_uri_not_registered")
        .then(auth_session)
        .and_then(Result::ok)
        .map(|session| {
            view! {
                <p>
                    {language.text("auth-error-redirect-uri")} " " <code>{session.redirect_uri()}</code>
                </p>
            }
        });
    // A sign-in without the proof would lead back to the page, which demands the same proof again.
    let lacks_proof = ["authentication_too_weak", "unmet_authentication_requirements"].contains(&advice.code);
    let again = if lacks_proof {
        let page = ReturnTo::parse(&return_to).map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned());
        view! {
            <a class="button primary" href=page>
                {language.text("problem-try-again")}
            </a>
        }
        .into_any()
    } else if advice.code == "link_for_another_user" {
        view! { <SignOut class="button primary">{language.text("account-sign-out")}</SignOut> }.into_any()
    } else {
        view! {
            <SignIn return_to class="button primary">
                {language.text("auth-error-sign-in-again")}
            </SignIn>
        }
        .into_any()
    };
    let still_signed_in = Suspend::new(async move {
        let is_signed_in = lacks_proof && logto_leptos::require_user().await.is_ok();
        is_signed_in.then(|| view! { <p>{language.text("auth-error-still-signed-in")}</p> })
    });
    view! {
        <Frame title=language.text("auth-error-title")>
            <div class="intro">
                <h1>{advice.title}</h1>
                <p>{text} {wait}</p>
                {unregistered}
                {still_signed_in}
                <p class="muted">{language.text("problem-code")} " " <code>{advice.code}</code></p>
                <div class="actions">
                    {again}
                    <a class="button" href="/">
                        {language.text("auth-error-home")}
                    </a>
                </div>
            </div>
        </Frame>
    }
}
