//! The grants that the user has given to apps (since 1.38).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    client::{AccountClient, Call, segment},
    error::AccountError,
    sessions::SCOPES,
    time,
    verification_record_id::VerificationRecordId,
};
use crate::clock::Timestamp;

/// The grant of an app: the scopes that the user allowed. It expires after 180 days.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Received")]
#[non_exhaustive]
pub struct AccountGrant {
    /// Its id, for [`revoke_grant`](AccountClient::revoke_grant).
    pub id: String,
    /// The app.
    pub application: GrantedApplication,
    /// When it was given.
    pub issued_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The scopes of OpenID Connect.
    pub scopes: Vec<String>,
    /// The scopes of API resources, as Logto keeps them.
    pub resources: Map<String, Value>,
}

/// An app in a grant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GrantedApplication {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    id: String,
    payload: Payload,
    #[serde(default)]
    application: Option<GrantedApplication>,
    #[serde(default, deserialize_with = "time::lenient")]
    expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default, deserialize_with = "time::lenient")]
    iat: Option<Timestamp>,
    #[serde(default, deserialize_with = "time::lenient")]
    exp: Option<Timestamp>,
    #[serde(default)]
    openid: Value,
    #[serde(default)]
    resources: Value,
}

impl From<Received> for AccountGrant {
    fn from(received: Received) -> Self {
        let payload = received.payload;
        let scopes = payload.openid.get("scope").and_then(Value::as_str).unwrap_or_default();
        Self {
            id: received.id,
            application: received.application.unwrap_or_else(|| GrantedApplication {
                id: payload.client_id.unwrap_or_default(),
                name: None,
            }),
            issued_at: payload.iat,
            expires_at: received.expires_at.or(payload.exp),
            scopes: scopes.split_ascii_whitespace().map(str::to_owned).collect(),
            resources: match payload.resources {
                Value::Object(resources) => resources,
                _ => Map::new(),
            },
        }
    }
}

/// The apps whose grants are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GrantsOf {
    /// All.
    #[default]
    AllApps,
    /// First-party apps.
    FirstParty,
    /// Third-party apps.
    ThirdParty,
}

impl GrantsOf {
    const fn query(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::AllApps => None,
            Self::FirstParty => Some(("appType", "firstParty")),
            Self::ThirdParty => Some(("appType", "thirdParty")),
        }
    }
}

impl AccountClient {
    /// Lists the grants of the user.
    ///
    /// # Errors
    ///
    /// Like [`sessions`](AccountClient::sessions).
    pub async fn grants(
        &self,
        of: GrantsOf,
        verification: &VerificationRecordId,
    ) -> Result<Vec<AccountGrant>, AccountError> {
        #[derive(Deserialize)]
        struct Listed {
            grants: Vec<AccountGrant>,
        }
        let call = Call::get(&["my-account", "grants"])
            .with_query(of.query())
            .verified_by(Some(verification));
        let listed: Listed = self.get(call.with_scopes(SCOPES), "the grants").await?;
        Ok(listed.grants)
    }

    /// Revokes a grant: the app's tokens end, and the user has to sign in there again.
    ///
    /// # Errors
    ///
    /// Like [`revoke_session`](AccountClient::revoke_session).
    pub async fn revoke_grant(&self, id: &str, verification: &VerificationRecordId) -> Result<(), AccountError> {
        let path = ["my-account", "grants", segment(id)?];
        let call = Call::delete(&path).verified_by(Some(verification));
        self.act(call.with_scopes(SCOPES)).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_grant_has_the_parts_of_logtos_response() {
        let grant: AccountGrant = serde_json::from_value(json!({
            "id": "g1", "expiresAt": 1_720_863_000_000_u64, "new": true,
            "payload": {
                "clientId": "app", "iat": 1_705_311_000, "exp": 1_720_863_000,
                "openid": { "scope": "openid profile" }, "resources": { "https://api.example.com": "read" },
            },
            "application": { "id": "app", "name": "The app" },
        }))
        .unwrap();
        assert_eq!(grant.application.name.as_deref(), Some("The app"));
        assert_eq!(grant.scopes, ["openid", "profile"]);
        assert_eq!(grant.expires_at, Some(Timestamp::from_secs(1_720_863_000)));
        assert_eq!(grant.resources["https://api.example.com"], "read");
    }

    #[test]
    fn a_grant_of_a_deleted_app_is_listed() {
        let grant: AccountGrant = serde_json::from_value(
            json!({ "id": "g1", "payload": { "clientId": "gone", "exp": 60 }, "application": null }),
        )
        .unwrap();
        assert_eq!((grant.application.id.as_str(), grant.application.name), ("gone", None));
        assert_eq!(grant.expires_at, Some(Timestamp::from_secs(60)));
    }
}
