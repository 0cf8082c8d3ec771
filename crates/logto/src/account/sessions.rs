//! The user's sessions at Logto (since 1.38).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    client::{AccountClient, Call, segment},
    error::AccountError,
    time,
    verification_record_id::VerificationRecordId,
};
use crate::{claims::null_as_empty, clock::Timestamp, scope::UserScope};

pub(super) const SCOPES: &[UserScope] = &[UserScope::Sessions];

/// A session of the user at Logto: one browser that has signed in, with the apps that it uses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Received")]
#[non_exhaustive]
pub struct AccountSession {
    /// Its id, for [`revoke_session`](AccountClient::revoke_session).
    pub uid: String,
    /// When the user last entered credentials.
    pub signed_in_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The app that started the session.
    pub client_id: Option<String>,
    /// The apps that the user has signed in to, by the id of the app.
    pub authorizations: BTreeMap<String, SessionAuthorization>,
    /// The IP address of the sign-in.
    pub ip: Option<String>,
    /// The browser of the sign-in: its `User-Agent`, which is not to be trusted.
    pub user_agent: Option<String>,
    /// Whether the access token belongs to this session. `None` before Logto 1.40, see
    /// [`AccountSession::is_of`].
    pub is_current: Option<bool>,
}

/// The part of an app in a session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SessionAuthorization {
    /// The id of the session in the app's ID tokens and logout tokens: the claim `sid`.
    pub sid: Option<String>,
    /// The app's grant.
    pub grant_id: Option<String>,
}

impl AccountSession {
    /// Whether it is the session of the app `app_id` whose ID tokens have this `sid`.
    ///
    /// For Logto before 1.40, which does not say which session is the current one. ID tokens have
    /// the claim if the application's back-channel logout settings require it.
    #[must_use]
    pub fn is_of(&self, app_id: &str, sid: Option<&str>) -> bool {
        let own = self.authorizations.get(app_id).and_then(|own| own.sid.as_deref());
        own.is_some() && own == sid
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    payload: Payload,
    #[serde(default)]
    last_submission: Option<Submission>,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default, deserialize_with = "time::lenient")]
    expires_at: Option<Timestamp>,
    #[serde(default)]
    is_current: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    uid: String,
    #[serde(default, deserialize_with = "time::lenient")]
    login_ts: Option<Timestamp>,
    #[serde(default, deserialize_with = "null_as_empty")]
    authorizations: BTreeMap<String, SessionAuthorization>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Submission {
    #[serde(default, deserialize_with = "null_as_empty")]
    sign_in_context: BTreeMap<String, Value>,
}

impl From<Received> for AccountSession {
    fn from(received: Received) -> Self {
        let mut context = received.last_submission.unwrap_or_default().sign_in_context;
        let mut text = |name: &str| match context.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        Self {
            ip: text("ip"),
            user_agent: text("userAgent"),
            uid: received.payload.uid,
            signed_in_at: received.payload.login_ts,
            authorizations: received.payload.authorizations,
            expires_at: received.expires_at,
            client_id: received.client_id,
            is_current: received.is_current,
        }
    }
}

/// The grants that end with a session (`revokeGrantsTarget`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevokeGrants {
    /// None: apps with `offline_access` keep their refresh tokens, and stay signed in.
    None,
    /// Those of first-party apps.
    FirstParty,
    /// Those of all apps: they are signed out as soon as they refresh a token.
    All,
}

impl RevokeGrants {
    const fn query(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::None => None,
            Self::FirstParty => Some(("revokeGrantsTarget", "firstParty")),
            Self::All => Some(("revokeGrantsTarget", "all")),
        }
    }
}

impl AccountClient {
    /// Lists the user's sessions at Logto.
    ///
    /// # Errors
    ///
    /// - [`VerificationRequired`](super::AccountErrorKind::VerificationRequired);
    /// - [`MissingScope`](super::AccountErrorKind::MissingScope) without
    ///   `urn:logto:scope:sessions`;
    /// - [`FieldNotEnabled`](super::AccountErrorKind::FieldNotEnabled) if the tenant hides sessions;
    /// - [`NotSupported`](super::AccountErrorKind::NotSupported) before Logto 1.38.
    pub async fn sessions(&self, verification: &VerificationRecordId) -> Result<Vec<AccountSession>, AccountError> {
        #[derive(Deserialize)]
        struct Listed {
            sessions: Vec<AccountSession>,
        }
        let call = Call::get(&["my-account", "sessions"]).verified_by(Some(verification));
        let listed: Listed = self.get(call.with_scopes(SCOPES), "the sessions").await?;
        Ok(listed.sessions)
    }

    /// Ends a session of the user at Logto, by its [`uid`](AccountSession::uid).
    ///
    /// Logto sends no back-channel logout for it: an app notices at the next refresh of a token,
    /// and only if its grant ends too ([`RevokeGrants`]).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](super::AccountErrorKind::NotFound) if it has ended, or is another user's;
    /// - [`FieldNotEditable`](super::AccountErrorKind::FieldNotEditable) if the tenant does not let users
    ///   end sessions;
    /// - otherwise like [`sessions`](AccountClient::sessions).
    pub async fn revoke_session(
        &self,
        uid: &str,
        grants: RevokeGrants,
        verification: &VerificationRecordId,
    ) -> Result<(), AccountError> {
        let path = ["my-account", "sessions", segment(uid)?];
        let call = Call::delete(&path)
            .with_query(grants.query())
            .verified_by(Some(verification));
        self.act(call.with_scopes(SCOPES)).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn session(value: Value) -> AccountSession {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_session_has_the_parts_of_logtos_response() {
        let session = session(json!({
            "payload": {
                "uid": "s1", "loginTs": 1_705_311_000, "accountId": "u1", "kind": "Session",
                "authorizations": { "app": { "sid": "x", "grantId": "g", "persistsLogout": true } },
            },
            "lastSubmission": { "signInContext": { "ip": "203.0.113.7", "userAgent": "Firefox", "country": "CH" } },
            "clientId": "app", "expiresAt": 1_706_520_600_000_u64, "isCurrent": true,
        }));
        assert_eq!((session.uid.as_str(), session.is_current), ("s1", Some(true)));
        assert_eq!(session.signed_in_at, Some(Timestamp::from_secs(1_705_311_000)));
        assert_eq!(session.expires_at, Some(Timestamp::from_secs(1_706_520_600)));
        assert_eq!(
            (session.ip.as_deref(), session.user_agent.as_deref()),
            (Some("203.0.113.7"), Some("Firefox"))
        );
        assert_eq!(session.authorizations["app"].grant_id.as_deref(), Some("g"));
    }

    #[test]
    fn a_session_needs_only_its_id() {
        let bare = session(json!({ "payload": { "uid": "s1" }, "lastSubmission": null }));
        assert_eq!((bare.ip, bare.is_current), (None, None));
        assert!(serde_json::from_value::<AccountSession>(json!({ "payload": {} })).is_err());
    }

    #[test]
    fn the_sid_of_the_app_tells_which_session_is_this_one() {
        let session = session(json!({
            "payload": { "uid": "s1", "authorizations": { "app": { "sid": "x" }, "other": {} } },
        }));
        assert!(session.is_of("app", Some("x")));
        assert!(!session.is_of("app", Some("y")) && !session.is_of("app", None));
        assert!(!session.is_of("other", None), "two missing values are no match");
    }
}
