//! The Account API of a provider that behaves like Logto, and of a hostile one.

mod requests;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use logto::{
    AccessToken, AccountClient, AccountError, AccountErrorKind as Kind, Diagnose as _, LogtoConfig, RequestError,
    SecretString, Timestamp, TokenError, TokenTarget, UserScope,
    account::{
        AccountIdentifier, AccountUpdate, GrantsOf, MfaFactorKind, NewMfaFactor, PostalAddress, ProfileUpdate,
        RenewAccountToken, RenewedToken, RevokeGrants, SocialVerification, VerificationRecordId, VerifiedIdentifier,
    },
};
use logto_testing::{AccountField, DEFAULT_RESOURCE, Endpoint, HttpFault, TestProvider, User};
use serde_json::json;

use crate::harness::{Harness, MAX_BODY};

const PASSWORD: &str = "correct horse battery staple";

fn with_sessions(config: LogtoConfig) -> LogtoConfig {
    config.with_scopes([
        UserScope::Email,
        UserScope::Address,
        UserScope::CustomData,
        UserScope::Identities,
        UserScope::Sessions,
    ])
}

async fn start() -> Harness {
    let mut ada = User::new("ada").with_name("Ada Lovelace").with_password(PASSWORD);
    ada.email = Some("ada@example.com".to_owned());
    ada.custom_data = json!({ "theme": "dark" });
    let builder = TestProvider::builder().user(ada).user(User::new("bob"));
    Harness::with(builder, with_sessions).await
}

async fn account(harness: &Harness) -> AccountClient {
    harness.client.account(harness.sign_in().await.access_token)
}

async fn verified(account: &AccountClient) -> VerificationRecordId {
    account.verify_password(&PASSWORD.into()).await.unwrap().id
}

fn kind<T: std::fmt::Debug>(outcome: Result<T, AccountError>) -> Kind {
    outcome.unwrap_err().kind()
}

#[tokio::test]
async fn users_read_and_change_their_account() {
    let harness = start().await;
    let account = account(&harness).await;
    let before = account.account().await.unwrap();
    assert_eq!(
        (before.id.as_str(), before.name.as_deref()),
        ("usr_ada", Some("Ada Lovelace"))
    );
    assert_eq!(before.primary_email.as_deref(), Some("ada@example.com"));
    assert_eq!(before.custom_data.unwrap()["theme"], "dark");
    assert_eq!((before.has_password, before.is_suspended), (Some(true), Some(false)));

    let data = json!({ "theme": "light" }).as_object().unwrap().clone();
    let update = AccountUpdate::new().with_name("Countess").with_custom_data(data);
    let after = account.update(&update).await.unwrap();
    assert_eq!(after.name.as_deref(), Some("Countess"));
    assert_eq!(harness.provider.user("ada").custom_data, json!({ "theme": "light" }));
    let cleared = account.update(&AccountUpdate::new().without_name()).await.unwrap();
    assert_eq!(cleared.name, None);
}

#[tokio::test]
async fn users_change_their_profile_and_other_claims_stay() {
    let harness = start().await;
    let account = account(&harness).await;
    account
        .update_profile(&ProfileUpdate::new().with_given_name("Ada"))
        .await
        .unwrap();
    let address = PostalAddress::new().with_locality("London");
    let update = ProfileUpdate::new().with_nickname("Countess").with_address(address);
    let profile = account.update_profile(&update).await.unwrap();
    assert_eq!(
        (profile.given_name.as_deref(), profile.nickname.as_deref()),
        (Some("Ada"), Some("Countess"))
    );
    assert_eq!(profile.address.unwrap().locality.as_deref(), Some("London"));
}

#[tokio::test]
async fn rejected_values_have_their_kind_and_change_nothing() {
    let harness = start().await;
    let account = account(&harness).await;
    let update = AccountUpdate::new().with_name("X").with_avatar("not a URL");
    assert_eq!(kind(account.update(&update).await), Kind::Invalid);
    assert_eq!(harness.provider.user("ada").name.as_deref(), Some("Ada Lovelace"));
    let record = verified(&account).await;
    assert_eq!(kind(account.set_username("bob", &record).await), Kind::AlreadyInUse);
    assert_eq!(kind(account.set_username("1 bob", &record).await), Kind::Invalid);
    assert_eq!(
        kind(account.set_password(&"short".into(), &record).await),
        Kind::PasswordPolicy
    );
    harness.provider.set_message_connectors(false);
    let to = AccountIdentifier::Email("new@example.com".to_owned());
    assert_eq!(kind(account.send_code(&to).await), Kind::ConnectorMissing);
}

#[tokio::test]
async fn a_password_makes_a_record_for_several_sensitive_calls() {
    let harness = start().await;
    let account = account(&harness).await;
    let record = account.verify_password(&PASSWORD.into()).await.unwrap();
    assert_eq!(record.expires_at, Some(harness.client.now().plus(600)));
    account.set_username("countess", &record.id).await.unwrap();
    let new: SecretString = "another long password".into();
    account.set_password(&new, &record.id).await.unwrap();
    assert_eq!(harness.provider.user("usr_ada").username, "countess");
    assert_eq!(
        kind(account.verify_password(&PASSWORD.into()).await),
        Kind::InvalidCredentials
    );
    assert!(account.verify_password(&new).await.is_ok());
}

#[tokio::test]
async fn a_missing_expired_unknown_or_foreign_record_is_refused() {
    let harness = start().await;
    let account = account(&harness).await;
    let provider = &harness.provider;
    let unknown = VerificationRecordId::new("unknown");
    let expired = VerificationRecordId::new(provider.add_verification("ada", 600));
    let foreign = VerificationRecordId::new(provider.add_verification("bob", 0));
    let injected = VerificationRecordId::new("x\r\nhost: evil");
    for record in [&unknown, &expired, &foreign, &injected] {
        assert_eq!(kind(account.sessions(record).await), Kind::VerificationRequired);
        assert_eq!(
            kind(account.grants(GrantsOf::AllApps, record).await),
            Kind::VerificationRequired
        );
        assert_eq!(
            kind(account.set_password(&"a long password".into(), record).await),
            Kind::VerificationRequired
        );
    }
    assert_eq!(
        kind(account.set_password(&"a long password".into(), None).await),
        Kind::VerificationRequired
    );
    let almost = VerificationRecordId::new(provider.add_verification("ada", 599));
    assert!(account.sessions(&almost).await.is_ok());
}

#[tokio::test]
async fn users_see_their_sessions_and_end_one_with_its_grants() {
    let harness = start().await;
    let elsewhere = harness.provider.sign_in_elsewhere("ada");
    harness.provider.sign_in_elsewhere("bob");
    let signed_in = harness.sign_in().await;
    let account = harness.client.account(signed_in.access_token);
    let record = verified(&account).await;
    let sessions = account.sessions(&record).await.unwrap();
    let mut current: Vec<_> = sessions.iter().map(|it| (it.uid == elsewhere, it.is_current)).collect();
    current.sort_unstable();
    assert_eq!(
        current,
        [(false, Some(true)), (true, Some(false))],
        "bob's is not listed"
    );
    let own = sessions.iter().find(|it| it.is_current == Some(true)).unwrap();
    let sid = harness.provider.sid();
    assert!(own.is_of(harness.provider.app_id(), sid.as_deref()));
    assert_eq!(own.expires_at, Some(harness.client.now().plus(14 * 86_400)));

    account
        .revoke_session(&elsewhere, RevokeGrants::None, &record)
        .await
        .unwrap();
    assert_eq!(account.sessions(&record).await.unwrap().len(), 1);
    account
        .revoke_session(&own.uid, RevokeGrants::All, &record)
        .await
        .unwrap();
    assert_eq!(kind(account.account().await), Kind::Unauthorized, "the grant has ended");
}

#[tokio::test]
async fn without_its_grants_the_apps_of_a_session_stay_signed_in() {
    let harness = start().await;
    let signed_in = harness.sign_in().await;
    let account = harness.client.account(signed_in.access_token.clone());
    let record = verified(&account).await;
    let uid = account.sessions(&record).await.unwrap().remove(0).uid;
    account.revoke_session(&uid, RevokeGrants::None, &record).await.unwrap();
    assert!(account.sessions(&record).await.unwrap().is_empty());
    assert!(harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.is_ok());
}

#[tokio::test]
async fn a_session_or_grant_of_another_user_is_not_found() {
    let harness = start().await;
    harness.provider.sign_in_as("bob");
    let bobs = harness.sign_in().await;
    let bobs_session = harness.provider.sign_in_elsewhere("bob");
    harness.provider.sign_in_as("ada");
    let account = account(&harness).await;
    let record = verified(&account).await;
    for uid in [bobs_session.as_str(), "unknown", "..", "a/b", ""] {
        let outcome = account.revoke_session(uid, RevokeGrants::All, &record).await;
        assert_eq!(kind(outcome), Kind::NotFound, "{uid}");
        assert_eq!(kind(account.revoke_grant(uid, &record).await), Kind::NotFound, "{uid}");
    }
    assert!(harness.refresh(&bobs, &TokenTarget::USER_INFO).await.is_ok());
}

#[tokio::test]
async fn users_see_and_revoke_their_grants() {
    let harness = start().await;
    let account = account(&harness).await;
    let record = verified(&account).await;
    let grants = account.grants(GrantsOf::FirstParty, &record).await.unwrap();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].application.id, harness.provider.app_id());
    assert!(grants[0].scopes.iter().any(|scope| scope == "urn:logto:scope:sessions"));
    assert!(account.grants(GrantsOf::ThirdParty, &record).await.unwrap().is_empty());
    account.revoke_grant(&grants[0].id, &record).await.unwrap();
    assert_eq!(kind(account.account().await), Kind::Unauthorized);
}

#[tokio::test]
async fn users_change_their_address_with_a_code() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let to = AccountIdentifier::Email("new@example.com".to_owned());
    let sent = account.send_code(&to).await.unwrap();
    assert_eq!(sent.expires_at, Some(harness.client.now().plus(600)));
    assert_eq!(
        kind(account.verify_code(&to, &sent.id, "no code").await),
        Kind::InvalidCode
    );
    let unverified = VerifiedIdentifier::new("new@example.com", sent.id.clone());
    assert_eq!(kind(account.set_email(&unverified, &proof).await), Kind::NotFound);
    let code = harness.provider.verification_code("new@example.com").unwrap();
    let record = account.verify_code(&to, &sent.id, &code).await.unwrap();
    let verified = VerifiedIdentifier::new("new@example.com", record);
    account.set_email(&verified, &proof).await.unwrap();
    assert_eq!(harness.provider.user("ada").email.as_deref(), Some("new@example.com"));
    account.remove_email(&proof).await.unwrap();
    assert_eq!(harness.provider.user("ada").email, None);
}

#[tokio::test]
async fn users_link_an_account_of_a_connector() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let social = SocialVerification::new("github", "https://app.example.com/linked", "the-state");
    let start = account.start_social(&social).await.unwrap();
    assert!(start.authorization_uri.contains("state=the-state"), "{start:?}");
    let callback = json!({ "code": "1906" }).as_object().unwrap().clone();
    let record = account.finish_social(&start.record.id, callback).await.unwrap();
    account.add_identity(&record, &proof).await.unwrap();
    let linked = account.account().await.unwrap().identities.unwrap();
    assert_eq!(linked["github"].user_id, "1906");
    let token = account.identity_token("github").await.unwrap();
    assert_eq!(token.expires_in, Some(Duration::from_secs(8 * 3600)));
    assert_eq!(kind(account.sso_identity_token("c1").await), Kind::NotFound);
    assert_eq!(kind(account.add_identity(&record, &proof).await), Kind::AlreadyInUse);
    account.remove_identity("github", &proof).await.unwrap();
    assert_eq!(kind(account.remove_identity("github", &proof).await), Kind::NotFound);
}

#[tokio::test]
async fn users_add_and_remove_factors() {
    let harness = start().await;
    let account = account(&harness).await;
    let proof = verified(&account).await;
    let secret = account.generate_totp_secret().await.unwrap();
    let wrong = NewMfaFactor::totp(secret.clone(), "no code");
    assert_eq!(kind(account.add_mfa_factor(&wrong, &proof).await), Kind::InvalidCode);
    account.add_mfa_factor(&wrong.without_code(), &proof).await.unwrap();
    let codes = NewMfaFactor::backup_codes(account.generate_backup_codes().await.unwrap());
    account.add_mfa_factor(&codes, &proof).await.unwrap();
    assert_eq!(kind(account.add_mfa_factor(&codes, &proof).await), Kind::AlreadyInUse);
    let factors = account.mfa_factors().await.unwrap();
    assert_eq!(
        (
            factors.len(),
            factors[1].remain_codes,
            harness.provider.user("ada").second_factor
        ),
        (2, Some(10), true)
    );
    for factor in factors {
        account.remove_mfa_factor(&factor.id, &proof).await.unwrap();
        assert_eq!(
            kind(account.remove_mfa_factor(&factor.id, &proof).await),
            Kind::NotFound
        );
    }
    account.set_skips_mfa_on_sign_in(true, &proof).await.unwrap();
    assert!(account.skips_mfa_on_sign_in().await.unwrap());
}

#[tokio::test]
async fn factors_are_listed() {
    let harness = start().await;
    let account = account(&harness).await;
    assert!(account.mfa_factors().await.unwrap().is_empty());
    harness.provider.update_user("ada", |user| user.second_factor = true);
    assert_eq!(account.mfa_factors().await.unwrap()[0].kind, MfaFactorKind::Totp);
}

#[tokio::test]
async fn settings_of_the_tenant_have_their_kinds() {
    let harness = start().await;
    let account = account(&harness).await;
    let record = verified(&account).await;
    for field in ["name", "mfa", "session"] {
        harness.provider.set_account_field(field, AccountField::Off);
    }
    assert_eq!(account.account().await.unwrap().name, None, "hidden");
    let update = AccountUpdate::new().with_name("X");
    assert_eq!(kind(account.update(&update).await), Kind::FieldNotEditable);
    assert_eq!(kind(account.mfa_factors().await), Kind::FieldNotEnabled);
    assert_eq!(kind(account.sessions(&record).await), Kind::FieldNotEnabled);
    harness.provider.set_account_field("session", AccountField::ReadOnly);
    let uid = account.sessions(&record).await.unwrap().remove(0).uid;
    let outcome = account.revoke_session(&uid, RevokeGrants::All, &record).await;
    assert_eq!(kind(outcome), Kind::FieldNotEditable);

    harness.provider.set_account_center(false);
    let error = account.account().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::NotEnabled, "account_not_enabled"));
    assert!(error.to_string().contains("PATCH /api/account-center"), "{error}");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let builder = TestProvider::builder().user(User::new("ada").with_password(PASSWORD));
    let harness = Harness::with(builder, |config| {
        LogtoConfig::new(config.endpoint(), config.app_id(), "test-app-secret-of-32-characters")
            .with_reserved_scopes(false)
            .with_scopes(["openid"])
    })
    .await;
    let account = account(&harness).await;
    let record = verified(&account).await;
    for (outcome, scope) in [
        (account.sessions(&record).await.err(), UserScope::Sessions),
        (account.mfa_factors().await.err(), UserScope::Identities),
        (
            account.update(&AccountUpdate::new().with_name("X")).await.err(),
            UserScope::Profile,
        ),
    ] {
        let error = outcome.unwrap();
        assert_eq!(
            (error.kind(), error.code()),
            (Kind::MissingScope, "account_scope_missing")
        );
        let AccountError::Refused(refusal) = error else {
            panic!()
        };
        assert_eq!(refusal.missing_scope(), Some(scope));
        assert!(refusal.to_string().contains(scope.as_str()), "{refusal}");
    }
}

#[tokio::test]
async fn a_token_for_an_api_or_of_a_suspended_user_is_refused() {
    let harness = start().await;
    let signed_in = harness.sign_in().await;
    let target = TokenTarget::resource(DEFAULT_RESOURCE);
    let jwt = harness.refresh(&signed_in, &target).await.unwrap().access_token;
    assert_eq!(kind(harness.client.account(jwt).account().await), Kind::Unauthorized);
    harness.provider.update_user("ada", |user| user.suspended = true);
    let account = harness.client.account(signed_in.access_token);
    assert_eq!(kind(account.account().await), Kind::Unauthorized, "a suspended user");
}

/// Returns tokens in this order, and remembers which ones were rejected.
struct Tokens {
    next: Mutex<Vec<Result<AccessToken, TokenError>>>,
    rejected: Arc<Mutex<Vec<AccessToken>>>,
}

impl RenewAccountToken for Tokens {
    fn renew<'a>(&'a self, rejected: &'a AccessToken) -> RenewedToken<'a> {
        self.rejected.lock().unwrap().push(rejected.clone());
        let next = self.next.lock().unwrap().remove(0);
        Box::pin(async move { next })
    }
}

fn garbage() -> AccessToken {
    let scopes = UserScope::ALL.iter().map(|scope| scope.as_str().to_owned());
    AccessToken::new("garbage", scopes.collect(), Timestamp::from_secs(u64::MAX))
}

fn renewing(
    harness: &Harness,
    next: Vec<Result<AccessToken, TokenError>>,
) -> (AccountClient, Arc<Mutex<Vec<AccessToken>>>) {
    let rejected = Arc::default();
    let tokens = Tokens {
        next: Mutex::new(next),
        rejected: Arc::clone(&rejected),
    };
    (harness.client.account(garbage()).with_renewal(tokens), rejected)
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_the_call_repeated() {
    let harness = start().await;
    let token = harness.sign_in().await.access_token;
    harness.provider.clear_log();
    let (account, rejected) = renewing(&harness, vec![Ok(token)]);
    account.update(&AccountUpdate::new().with_name("X")).await.unwrap();
    assert_eq!(
        (
            harness.provider.requests(Endpoint::Account),
            rejected.lock().unwrap().len()
        ),
        (2, 1)
    );
    account.clone().account().await.unwrap();
    assert_eq!(harness.provider.requests(Endpoint::Account), 3, "the new token is kept");

    let (account, rejected) = renewing(&harness, vec![Ok(garbage())]);
    assert_eq!(kind(account.account().await), Kind::Unauthorized);
    assert_eq!(rejected.lock().unwrap().len(), 1, "no endless renewal");
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_tells_why() {
    let harness = start().await;
    let away = TokenError::Request(RequestError::TimedOut);
    let ended = TokenError::NoRefreshToken;
    let (account, _) = renewing(&harness, vec![Err(away.clone()), Err(ended)]);
    let error = account.account().await.unwrap_err();
    assert_eq!(error, AccountError::Token(away));
    assert!(error.is_transient() && error.kind() == Kind::Unavailable);
    assert_eq!(kind(account.account().await), Kind::Unauthorized);
}

#[tokio::test]
async fn a_missing_scope_or_verification_is_no_reason_to_renew_the_token() {
    let harness = start().await;
    let mut token = harness.sign_in().await.access_token;
    token.scopes.retain(|scope| scope != UserScope::Sessions.as_str());
    let rejected = Arc::default();
    let tokens = Tokens {
        next: Mutex::new(vec![]),
        rejected: Arc::clone(&rejected),
    };
    let account = harness.client.account(token).with_renewal(tokens);
    let unknown = VerificationRecordId::new("unknown");
    assert_eq!(kind(account.sessions(&unknown).await), Kind::VerificationRequired);
    assert!(rejected.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_fails_is_a_transient_error() {
    let harness = start().await;
    let account = account(&harness).await;
    harness
        .provider
        .fault_once(HttpFault::RetryAfter(503, "7").at(Endpoint::Account));
    let error = account.account().await.unwrap_err();
    assert!(error.is_transient());
    assert_eq!(
        (error.kind(), error.retry_after()),
        (Kind::Unavailable, Some(Duration::from_secs(7)))
    );
    harness
        .provider
        .fault_once(HttpFault::RetryAfter(429, "60").at(Endpoint::Account));
    let error = account.verify_password(&"x".into()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (Kind::RateLimited, Some(Duration::from_secs(60)))
    );
    harness.provider.fault_once(HttpFault::Close.at(Endpoint::Account));
    assert_eq!(kind(account.account().await), Kind::Unavailable);
}

#[tokio::test]
async fn an_older_server_does_not_know_the_call() {
    let harness = start().await;
    let account = account(&harness).await;
    assert_eq!(kind(account.start_web_authn().await), Kind::NotSupported);
    harness
        .provider
        .fault_once(HttpFault::Status(404).at(Endpoint::Account));
    assert_eq!(kind(account.account().await), Kind::NotSupported);
}

#[tokio::test]
async fn rejects_redirects_and_bodies_that_are_no_account() {
    let harness = start().await;
    let account = account(&harness).await;
    for (fault, expected) in [
        (HttpFault::Redirect(302), RequestError::UnexpectedStatus(302)),
        (
            HttpFault::RedirectTo(307, "https://evil.example/".to_owned()),
            RequestError::UnexpectedStatus(307),
        ),
        (HttpFault::InvalidJson, RequestError::InvalidResponse("the account")),
        (HttpFault::EmptyBody, RequestError::InvalidResponse("the account")),
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Account));
        assert_eq!(account.account().await.unwrap_err(), AccountError::Request(expected));
    }
}

#[tokio::test]
async fn rejects_a_body_that_is_too_large() {
    let harness = start().await;
    let client = harness.limited_client(Duration::from_secs(5));
    let account = client.account(harness.sign_in().await.access_token);
    for fault in [
        HttpFault::HugeBody(2 * MAX_BODY),
        HttpFault::HugeBodyInChunks(2 * MAX_BODY),
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Account));
        let expected = RequestError::TooLarge { limit: MAX_BODY };
        assert_eq!(account.account().await.unwrap_err(), AccountError::Request(expected));
    }
    harness
        .provider
        .fault_once(HttpFault::HugeBody(MAX_BODY - 100).at(Endpoint::Account));
    assert!(account.account().await.is_ok(), "an unknown field is ignored");
}

#[tokio::test]
async fn rejects_a_token_that_would_add_a_header() {
    let harness = start().await;
    harness.client.metadata().await.unwrap();
    let token = AccessToken::new("x\r\nHost: evil", Vec::new(), Timestamp::from_secs(u64::MAX));
    let error = harness.client.account(token).account().await.unwrap_err();
    let expected = RequestError::InvalidResponse("the access token");
    assert_eq!(error, AccountError::Request(expected));
    assert_eq!(harness.provider.requests(Endpoint::Account), 0);
}
