//! The calls that make verification records: by password, by code and by social account.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    body::parse,
    caller::Caller,
    connectors,
    error::ApiError,
    identifiers::{check, value},
    password::Password,
};
use crate::{
    provider::{CodeProof, Identifier, Proof, Provider, SharedProvider, SocialProof, VERIFICATION_LIFETIME},
    webhook_format,
};

type Started = (StatusCode, Json<Value>);

#[derive(Deserialize)]
struct Send {
    identifier: Identifier,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Code {
    identifier: Identifier,
    verification_id: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Social {
    connector_id: String,
    redirect_uri: String,
    state: String,
    scope: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Callback {
    verification_record_id: String,
    connector_data: Map<String, Value>,
}

pub(super) async fn password(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Started, ApiError> {
    let password = Password::parse(&body)?;
    let known = provider.state().named(&caller.user_id).password.clone();
    if known.as_ref() != Some(&password) {
        return Err(ApiError::WRONG_PASSWORD);
    }
    Ok(start(&provider, Some(caller.user_id), Proof::Password))
}

pub(super) async fn send_code(
    State(provider): SharedProvider,
    caller: Caller,
    body: Bytes,
) -> Result<Started, ApiError> {
    let Send { identifier } = parse(&body)?;
    check(&identifier)?;
    // A code for another address or number does not prove the identity of the user.
    let is_own = {
        let mut state = provider.state();
        if !state.account_center.message_connectors {
            return Err(ApiError::NO_CONNECTOR);
        }
        value(state.named(&caller.user_id), identifier.kind) == Some(identifier.value.as_str())
    };
    let user_id = is_own.then_some(caller.user_id);
    Ok(start(&provider, user_id, Proof::Code(CodeProof::new(identifier))))
}

pub(super) async fn verify_code(
    State(provider): SharedProvider,
    _: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let Code {
        identifier,
        verification_id: id,
        code,
    } = parse(&body)?;
    check(&identifier)?;
    let now = provider.now();
    provider
        .state()
        .verifications
        .verify_code(&id, &identifier, &code, now)?;
    Ok(Json(json!({ "verificationRecordId": id })))
}

pub(super) async fn start_social(State(provider): SharedProvider, _: Caller, body: Bytes) -> Result<Started, ApiError> {
    let social: Social = parse(&body)?;
    Url::parse(&social.redirect_uri).map_err(|_| ApiError::INVALID_INPUT)?;
    let connector = connectors::find(&social.connector_id)?;
    let scope = social.scope.as_deref().map(|scope| ("scope", scope));
    let parameters = [("redirect_uri", &*social.redirect_uri), ("state", &social.state)];
    let parameters = parameters.into_iter().chain(scope);
    let uri = Url::parse_with_params(connector.authorization_endpoint, parameters);
    let uri = uri.expect("the connector's address is a URL");
    let proof = Proof::Social(SocialProof {
        target: connector.target.to_owned(),
        scope: social.scope,
        account: None,
    });
    let (status, Json(mut answer)) = start(&provider, None, proof);
    answer["authorizationUri"] = String::from(uri).into();
    Ok((status, Json(answer)))
}

pub(super) async fn finish_social(
    State(provider): SharedProvider,
    _: Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let Callback {
        verification_record_id: id,
        connector_data,
    } = parse(&body)?;
    let now = provider.now();
    let mut state = provider.state();
    let proof = state.verifications.social(&id, now)?;
    proof.account = Some(connectors::account_of(&connector_data)?.to_owned());
    Ok(Json(json!({ "verificationRecordId": id })))
}

fn start(provider: &Provider, user_id: Option<String>, proof: Proof) -> Started {
    let now = provider.now();
    let id = provider.state().verifications.add(user_id, proof, now, 0);
    let expires_at = webhook_format::timestamp(now + VERIFICATION_LIFETIME);
    let body = json!({ "verificationRecordId": id, "expiresAt": expires_at });
    (StatusCode::CREATED, Json(body))
}
