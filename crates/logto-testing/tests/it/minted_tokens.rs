use logto_testing::{DEFAULT_RESOURCE, TestProvider};
use serde_json::json;

use crate::client::{header, names, verify};

#[tokio::test]
async fn a_logout_token_has_logtos_header_and_claims() {
    let provider = TestProvider::start().await;
    let token = provider.logout_token(Some("usr_ada"), Some("the-sid"), |_| {});
    assert_eq!(header(&token)["typ"], "logout+jwt");
    let claims = verify(&provider, &token).unwrap();
    assert_eq!(
        names(&claims),
        ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]
    );
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 120);
    assert_eq!(
        claims["events"],
        json!({ "http://schemas.openid.net/event/backchannel-logout": {} })
    );
}

#[tokio::test]
async fn a_logout_token_can_be_tampered_with() {
    let provider = TestProvider::start().await;
    let token = provider.logout_token(None, Some("the-sid"), |jwt| {
        jwt.claims.insert("nonce".to_owned(), json!("n"));
        jwt.header.remove("typ");
        jwt.break_signature();
    });
    assert_eq!(header(&token).get("typ"), None);
    assert!(verify(&provider, &token).is_err());
    assert_eq!(crate::client::claims(&token)["nonce"], "n");
    assert_eq!(crate::client::claims(&token).get("sub"), None);
}

#[tokio::test]
async fn tokens_are_minted_without_a_sign_in() {
    let provider = TestProvider::start().await;
    let id_token = provider.id_token("bob", Some("n"), &["openid", "profile"]);
    let claims = verify(&provider, &id_token).unwrap();
    assert_eq!((&claims["sub"], &claims["nonce"]), (&json!("usr_bob"), &json!("n")));

    let access_token = provider.access_token("ada", DEFAULT_RESOURCE, &["read:products"], |jwt| {
        jwt.claims.insert("exp".to_owned(), json!(1));
    });
    let claims = verify(&provider, &access_token).unwrap();
    assert_eq!((&claims["scope"], &claims["exp"]), (&json!("read:products"), &json!(1)));

    let claims = json!({ "iss": "me" }).as_object().unwrap().clone();
    assert_eq!(verify(&provider, &provider.jwt(claims, |_| {})).unwrap()["iss"], "me");
    assert!(provider.log().is_empty());
}
