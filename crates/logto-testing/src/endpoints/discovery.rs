//! The discovery document, OpenID Connect Discovery 1.0 §3.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use super::token::token_exchange;
use crate::{
    faults::DiscoveryFault,
    provider::{FIRST_FACTOR, MFA, Provider, SharedProvider},
    requests::Endpoint,
    tokens::{claims::OIDC_SCOPES, jwt::object},
};

pub(crate) async fn discovery(State(provider): SharedProvider) -> Json<Map<String, Value>> {
    let mut document = document(&provider);
    for fault in provider.faults.take::<DiscoveryFault>() {
        fault.apply(&mut document, &provider.issuer());
    }
    Json(document)
}

pub(crate) fn document(provider: &Provider) -> Map<String, Value> {
    let url = |endpoint: Endpoint| format!("{}{}", provider.endpoint, endpoint.path());
    let mut document = object(json!({
        "issuer": provider.issuer(),
        "authorization_endpoint": url(Endpoint::Authorization),
        "token_endpoint": url(Endpoint::Token),
        "userinfo_endpoint": url(Endpoint::UserInfo),
        "jwks_uri": url(Endpoint::Jwks),
        "revocation_endpoint": url(Endpoint::Revocation),
        "end_session_endpoint": url(Endpoint::EndSession),
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": false,
        "claims_supported": [
            "sub", "name", "picture", "username", "created_at", "updated_at", "email", "email_verified", "phone_number",
            "phone_number_verified", "roles", "organizations", "organization_roles", "organization_data", "custom_data",
            "identities", "sso_identities", "sid", "auth_time", "iss",
        ],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", token_exchange::GRANT_TYPE],
        "id_token_signing_alg_values_supported": [provider.keys.current().algorithm().name()],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "response_modes_supported": ["query"],
        "response_types_supported": ["code"],
        "scopes_supported": OIDC_SCOPES,
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    }));
    if provider.config.has_step_up() {
        document.insert("acr_values_supported".to_owned(), json!([FIRST_FACTOR, MFA]));
    }
    for (field, value) in &provider.config.metadata {
        match value {
            Value::Null => document.remove(field),
            value => document.insert(field.clone(), value.clone()),
        };
    }
    document
}
