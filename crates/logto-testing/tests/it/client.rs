//! A client that sends any request, valid or not.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, TestProvider};
use reqwest::{Response, StatusCode, redirect::Policy};
use serde_json::{Map, Value};
use url::Url;

pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge for [`VERIFIER`]; both are from RFC 7636 appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const ORGANIZATIONS: &str = "urn:logto:scope:organizations";
pub(crate) const ORGANIZATIONS_RESOURCE: &str = "urn:logto:resource:organizations";
/// Every scope of the default users and organizations.
pub(crate) const EVERYTHING: &str = "openid offline_access profile email roles custom_data identities \
    urn:logto:scope:organizations urn:logto:scope:organization_roles read:products write:products invite:members \
    manage:settings";

pub(crate) type Fields<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap()
}

/// An authorization URL with PKCE, state and nonce. `fields` adds parameters and replaces those of
/// the same name; an empty value removes one.
pub(crate) fn authorization_url(provider: &TestProvider, fields: Fields<'_>) -> String {
    let standard = [
        ("client_id", provider.app_id()),
        ("redirect_uri", provider.redirect_uri()),
        ("response_type", "code"),
        ("scope", "openid offline_access profile"),
        ("prompt", "consent"),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let defaults = standard
        .iter()
        .filter(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    let pairs = defaults.chain(fields).filter(|(_, value)| !value.is_empty());
    Url::parse_with_params(&provider.url(Endpoint::Authorization), pairs)
        .unwrap()
        .into()
}

/// A parameter of a callback URL.
pub(crate) fn param(url: &str, name: &str) -> Option<String> {
    Url::parse(url)
        .unwrap()
        .query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub(crate) async fn code(provider: &TestProvider, fields: Fields<'_>) -> String {
    let callback = provider.authorize(&authorization_url(provider, fields)).await;
    param(&callback, "code").unwrap_or_else(|| panic!("no code in {callback}"))
}

/// Posts a form with client id and client secret in the `Authorization` header.
pub(crate) async fn post(provider: &TestProvider, endpoint: Endpoint, fields: Fields<'_>) -> Response {
    let request = http()
        .post(provider.url(endpoint))
        .basic_auth(provider.app_id(), Some(provider.app_secret()));
    request.form(fields).send().await.unwrap()
}

pub(crate) async fn answer(response: Response) -> (StatusCode, Value) {
    (response.status(), response.json().await.unwrap())
}

pub(crate) async fn exchange(provider: &TestProvider, code: &str) -> (StatusCode, Value) {
    let redirect_uri = provider.redirect_uri();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    answer(post(provider, Endpoint::Token, &fields).await).await
}

pub(crate) async fn sign_in(provider: &TestProvider, fields: Fields<'_>) -> Value {
    let code = code(provider, fields).await;
    let (status, tokens) = exchange(provider, &code).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

/// Signs in with every scope, the API resource and the organizations resource. Returns the refresh
/// token.
pub(crate) async fn sign_in_for_everything(provider: &TestProvider) -> String {
    let fields = [
        ("scope", EVERYTHING),
        ("resource", DEFAULT_RESOURCE),
        ("resource", ORGANIZATIONS_RESOURCE),
    ];
    text(&sign_in(provider, &fields).await, "refresh_token")
}

pub(crate) async fn refresh(provider: &TestProvider, token: &str, fields: Fields<'_>) -> (StatusCode, Value) {
    let standard = [("grant_type", "refresh_token"), ("refresh_token", token)];
    answer(post(provider, Endpoint::Token, &[&standard, fields].concat()).await).await
}

pub(crate) async fn user_info(provider: &TestProvider, access_token: &str) -> (StatusCode, Value) {
    answer(
        http()
            .get(provider.url(Endpoint::UserInfo))
            .bearer_auth(access_token)
            .send()
            .await
            .unwrap(),
    )
    .await
}

pub(crate) fn text(answer: &Value, field: &str) -> String {
    answer[field]
        .as_str()
        .unwrap_or_else(|| panic!("no string {field} in {answer}"))
        .to_owned()
}

/// The error code of an error response, whose fields must be those of Logto.
pub(crate) fn error(answer: &Value) -> &str {
    let error = answer["error"].as_str().unwrap_or_default();
    assert_eq!(answer["code"], format!("oidc.{error}"), "{answer}");
    assert!(
        answer["message"].is_string() && answer["error_description"].is_string(),
        "{answer}"
    );
    error
}

/// The status and the error code of an error response.
pub(crate) fn failure((status, answer): &(StatusCode, Value)) -> (u16, &str) {
    (status.as_u16(), error(answer))
}

/// Verifies a token's signature with the published keys. Claims are not checked.
pub(crate) fn verify(provider: &TestProvider, token: &str) -> Result<Map<String, Value>, jsonwebtoken::errors::Error> {
    let header = decode_header(token)?;
    let keys: JwkSet = serde_json::from_value(provider.jwks()).unwrap();
    let key = keys.find(&header.kid.unwrap_or_default()).expect("a published key");
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    Ok(decode(token, &DecodingKey::from_jwk(key)?, &validation)?.claims)
}

/// The header of a token, without verification.
pub(crate) fn header(token: &str) -> Map<String, Value> {
    part(token, 0)
}

/// The claims of a token, without verification.
pub(crate) fn claims(token: &str) -> Map<String, Value> {
    part(token, 1)
}

fn part(token: &str, at: usize) -> Map<String, Value> {
    serde_json::from_slice(
        &BASE64_URL_SAFE_NO_PAD
            .decode(token.split('.').nth(at).unwrap())
            .unwrap(),
    )
    .unwrap()
}

pub(crate) fn names(map: &Map<String, Value>) -> Vec<&str> {
    let mut names: Vec<_> = map.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
