//! The session cookie of Logto's Next.js SDK. An app that migrates from it keeps its users signed
//! in.
//!
//! The value is `base64(ciphertext and tag).base64(iv)`, encrypted by AES-256-GCM with the SHA-256
//! of the cookie secret. The plaintext is a JSON object of strings.

use std::{collections::BTreeMap, fmt};

use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, aead::Aead as _};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{CachedToken, LogoutMark, Session, SessionId, deny_list::entry::EntryIds};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    error::{Diagnose as _, IdTokenError},
    id_token::{Expected, VerifiedIdToken},
    secret::{ExposeSecret as _, SecretString},
    token::{AccessToken, TokenTarget},
};

/// Reads session cookies of the Next.js SDK.
#[derive(Clone)]
pub struct NextJsCookie {
    cipher: Aes256Gcm,
}

impl fmt::Debug for NextJsCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NextJsCookie([redacted])")
    }
}

/// The SDK's session. `signInSession`, which is used only during a sign-in, is left out.
#[derive(Deserialize)]
struct SdkSession {
    #[serde(rename = "idToken")]
    id: Option<String>,
    #[serde(rename = "refreshToken")]
    refresh: Option<String>,
    /// A JSON object as a string.
    #[serde(rename = "accessToken")]
    access: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SdkAccessToken {
    token: String,
    #[serde(default)]
    scope: String,
    /// In seconds.
    expires_at: Timestamp,
}

impl NextJsCookie {
    /// Reads cookies that were encrypted with the `cookieSecret` of the app's `LogtoNextConfig`.
    #[must_use]
    pub fn new(cookie_secret: &SecretString) -> Self {
        let key = Sha256::digest(cookie_secret.expose_secret().as_bytes());
        Self {
            cipher: Aes256Gcm::new(&key),
        }
    }

    /// Reads the session from a cookie value. `None` if the cookie is not valid.
    ///
    /// The ID token is verified again, but it may have expired: the refresh token renews it. All
    /// requests with the same cookie get the same session id.
    ///
    /// # Errors
    ///
    /// If the ID token cannot be verified because of a transient error, such as unavailable keys.
    /// The cookie must then be kept.
    pub async fn read(&self, client: &LogtoClient, value: &str) -> Result<Option<Session>, IdTokenError> {
        let Some(session) = self.open(value) else {
            return Ok(None);
        };
        let Some(id) = &session.id else { return Ok(None) };
        match client.verify_id_token(id, &Expected::Import).await {
            Ok(id_token) => Ok(Some(session.into_session(
                SessionId::of_imported(value),
                client.now(),
                id_token,
            ))),
            Err(error) if error.is_transient() => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn open(&self, value: &str) -> Option<SdkSession> {
        let (ciphertext, iv) = value.split_once('.')?;
        let iv = BASE64_STANDARD.decode(iv).ok().filter(|iv| iv.len() == 12)?;
        let plain = self
            .cipher
            .decrypt(
                Nonce::from_slice(&iv),
                BASE64_STANDARD.decode(ciphertext).ok()?.as_slice(),
            )
            .ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

impl SdkSession {
    fn into_session(self, id: SessionId, now: Timestamp, id_token: VerifiedIdToken) -> Session {
        let tokens: BTreeMap<String, SdkAccessToken> = self
            .access
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Session {
            id,
            version: 1,
            started: id_token.claims().iat.min(now),
            seen: now,
            id_token,
            authentication: None,
            refresh_token: self.refresh.map(Into::into),
            access_tokens: tokens
                .into_iter()
                .filter_map(|(key, token)| Some((target(&key)?, token.into_cached(now))))
                .collect(),
            grant_ended: false,
            logouts: LogoutMark::default(),
            refreshed_after: LogoutMark::default(),
            outdated_by: None,
            denied: None,
            clears: 0,
            app_data: None,
            active_organization: None,
            organization_names: BTreeMap::new(),
            acting_as: None,
            entry_ids: EntryIds::default(),
        }
    }
}

impl SdkAccessToken {
    fn into_cached(self, now: Timestamp) -> CachedToken {
        let scopes = self.scope.split_ascii_whitespace().map(str::to_owned).collect();
        CachedToken {
            token: AccessToken {
                secret: self.token.into(),
                scopes,
                expires: self.expires_at,
            },
            used: now,
        }
    }
}

/// Parses the SDK's key of an access token: `<scopes>@<resource>`, followed by `#<organization>`
/// for a token of an organization. The resource may be empty.
fn target(key: &str) -> Option<TokenTarget> {
    let (_, rest) = key.split_once('@')?;
    let (resource, organization_id) = match rest.rsplit_once('#') {
        Some((resource, organization)) => (resource, Some(organization.to_owned())),
        None => (rest, None),
    };
    let resource = (!resource.is_empty()).then(|| resource.to_owned());
    Some(TokenTarget {
        resource,
        organization_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_keys_of_access_tokens() {
        assert_eq!(target("@"), Some(TokenTarget::USER_INFO));
        assert_eq!(
            target("read write@https://api"),
            Some(TokenTarget::resource("https://api"))
        );
        assert_eq!(target("@#o1"), Some(TokenTarget::organization("o1")));
        let both = TokenTarget {
            resource: Some("https://api".into()),
            organization_id: Some("o1".into()),
        };
        assert_eq!(target("@https://api#o1"), Some(both));
        assert_eq!(target("nonsense"), None);
    }

    #[test]
    fn debug_output_contains_no_secret() {
        let cookie = NextJsCookie::new(&"secret".into());
        assert_eq!(format!("{cookie:?}"), "NextJsCookie([redacted])");
    }

    #[test]
    fn ignores_cookies_that_are_not_of_the_sdk() {
        let cookie = NextJsCookie::new(&"secret".into());
        for value in [
            "",
            ".",
            "AAAA.AAAA",
            "AAAA.AAAAAAAAAAAAAAAA",
            "not base64.AAAAAAAAAAAAAAAA",
            "a.b.c",
        ] {
            assert!(cookie.open(value).is_none(), "{value}");
        }
    }
}
