//! Secrets are not in `Debug` output and cannot be serialized, for example into a page.

use logto::{
    AccessToken, AccessTokenClaims, CallbackRequest, LogtoClient, LogtoConfig, SecretString, SignInOptions,
    SignInStart, SignInTransaction, SignedIn, TokenSet, VerifiedIdToken,
    session::{CachedToken, Refreshed, Session},
};
use serde::Serialize;

use crate::{
    harness::{Harness, text, value},
    session,
};

/// Is ambiguous for a type that is `Serialize`, so that the test does not compile.
trait CannotBeSerialized<Answer> {
    fn holds() {}
}
impl<T> CannotBeSerialized<()> for T {}
impl<T: Serialize> CannotBeSerialized<u8> for T {}

#[test]
fn no_secret_token_or_session_can_be_serialized() {
    <SecretString as CannotBeSerialized<_>>::holds();
    <AccessToken as CannotBeSerialized<_>>::holds();
    <AccessTokenClaims as CannotBeSerialized<_>>::holds();
    <TokenSet as CannotBeSerialized<_>>::holds();
    <VerifiedIdToken as CannotBeSerialized<_>>::holds();
    <SignedIn as CannotBeSerialized<_>>::holds();
    <CallbackRequest as CannotBeSerialized<_>>::holds();
    <SignInOptions as CannotBeSerialized<_>>::holds();
    <SignInStart as CannotBeSerialized<_>>::holds();
    <SignInTransaction as CannotBeSerialized<_>>::holds();
    <Session as CannotBeSerialized<_>>::holds();
    <CachedToken as CannotBeSerialized<_>>::holds();
    <Refreshed as CannotBeSerialized<_>>::holds();
    <LogtoConfig as CannotBeSerialized<_>>::holds();
    <LogtoClient as CannotBeSerialized<_>>::holds();
}

#[tokio::test]
async fn debug_output_of_a_sign_in_hides_secrets() {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let debug = format!("{start:?} {start:#?}");
    let url = &start.authorization_url;
    for name in ["state", "nonce"] {
        assert!(!debug.contains(&value(url, name)), "{name} in {debug}");
    }
    let query = harness.visit(&start).await;
    let signed_in = harness.finish(&query, start.transaction).await.unwrap();
    let debug = format!("{signed_in:?} {signed_in:#?}");
    for secret in [
        signed_in.id_token.raw(),
        signed_in.refresh_token.as_ref().unwrap(),
        &signed_in.access_token.secret,
    ] {
        assert!(!debug.contains(text(secret)), "{debug}");
    }
}

#[tokio::test]
async fn debug_output_hides_a_one_time_token() {
    let options = SignInOptions::new().with_one_time_token("signs-in-whoever-has-it");
    let debug = format!("{options:?} {options:#?}");
    assert!(!debug.contains("signs-in-whoever"), "{debug}");
}

#[tokio::test]
async fn debug_output_of_a_client_hides_secrets() {
    let harness = Harness::start().await;
    let debug = format!("{0:?} {0:#?} {1:?}", harness.client, harness.client.config());
    assert!(debug.contains(harness.provider.app_id()));
    assert!(!debug.contains(harness.provider.app_secret()), "{debug}");
}

#[tokio::test]
async fn debug_output_of_a_session_hides_tokens() {
    let harness = Harness::start().await;
    let session = session::full_session(&harness).await;
    let debug = format!("{session:?} {session:#?}");
    assert!(!debug.contains(text(session.id_token().raw())));
    assert!(!debug.contains(text(session.refresh_token().unwrap())));
    for (_, cached) in session.access_tokens() {
        assert!(!debug.contains(text(&cached.token.secret)));
    }
}
