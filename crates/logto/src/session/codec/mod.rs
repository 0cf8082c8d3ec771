//! The serialized form of a session: deflated JSON.
//!
//! JWTs are stored with their parts decoded, because base64 hardly compresses. A session with five
//! tokens takes 1.7 kB instead of 5.1 kB.

mod dto;
mod encodings;

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};

use self::dto::SessionDto;
pub use self::encodings::Encodings;
use super::Session;
use crate::seal::{Purpose, Unsealed};

/// Decompression limit in bytes, against decompression bombs. Larger sessions are not written,
/// because they could not be read back.
const MAX_INFLATED: usize = 256 * 1024;

/// A session could not be serialized or deserialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionCodecError {
    /// The bytes are not a session.
    #[error("the bytes are not a session of this version; the user has to sign in again")]
    NoSession,
    /// The session is too large even without access tokens.
    #[error(
        "the session takes more than 256 KiB even without access tokens; ask for fewer scopes or keep less \
         custom data in ID tokens"
    )]
    TooLarge,
}

impl Session {
    /// Serializes the session, including its tokens, for a [`Sealer`](crate::seal::Sealer).
    ///
    /// Access tokens that do not fit are left out, the least recently used first: they can be
    /// fetched again.
    ///
    /// # Errors
    ///
    /// [`SessionCodecError::TooLarge`] if the session does not fit without any access token.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SessionCodecError> {
        let mut dto = SessionDto::new(self);
        let mut json = to_json(&dto)?;
        if json.len() > MAX_INFLATED {
            if !dto.drop_tokens(json.len() - MAX_INFLATED) {
                return Err(SessionCodecError::TooLarge);
            }
            json = to_json(&dto)?;
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&json).map_err(|_| SessionCodecError::NoSession)?;
        encoder.finish().map_err(|_| SessionCodecError::NoSession)
    }

    /// Deserializes a session that [`Session::to_bytes`] serialized.
    ///
    /// The ID token inside is trusted without verification, because the seal proves that it was
    /// verified when the session was sealed.
    ///
    /// # Errors
    ///
    /// [`SessionCodecError::NoSession`] if the payload is not a session, or was not sealed as one.
    pub fn from_unsealed(unsealed: &Unsealed) -> Result<Self, SessionCodecError> {
        match unsealed.purpose() {
            Purpose::Session | Purpose::StoredSession | Purpose::RefreshResult => Self::from_bytes(unsealed.payload()),
            _ => Err(SessionCodecError::NoSession),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, SessionCodecError> {
        let mut json = Vec::new();
        DeflateDecoder::new(bytes)
            .take(MAX_INFLATED as u64)
            .read_to_end(&mut json)
            .map_err(|_| SessionCodecError::NoSession)?;
        let dto: SessionDto<'_> = serde_json::from_slice(&json).map_err(|_| SessionCodecError::NoSession)?;
        dto.into_session().ok_or(SessionCodecError::NoSession)
    }
}

fn to_json(dto: &SessionDto<'_>) -> Result<Vec<u8>, SessionCodecError> {
    serde_json::to_vec(dto).map_err(|_| SessionCodecError::NoSession)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;
    use crate::{
        clock::{SystemRandom, Timestamp},
        id_token::VerifiedIdToken,
        seal::{SealContext, Sealer},
        secret::{ExposeSecret as _, SecretString},
        session::{
            ActingAs, AppData, CachedToken, LogoutMark, SessionChange, SessionId, SessionState,
            deny_list::entry::EntryIds,
        },
        token::{AccessToken, TokenTarget},
    };

    fn jwt(payload: &str) -> SecretString {
        let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
        format!(
            "{}.{}.{}",
            encode(r#"{"alg":"ES384","kid":"k"}"#),
            encode(payload),
            encode("signature")
        )
        .into()
    }

    fn session() -> Session {
        let claims = r#"{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"name":null}"#;
        let token = |secret: SecretString, used| CachedToken {
            token: AccessToken {
                secret,
                scopes: vec!["read".into()],
                expires: Timestamp::from_secs(4600),
            },
            used: Timestamp::from_secs(used),
        };
        Session {
            id: SessionId([7; 32]),
            version: 3,
            started: Timestamp::from_secs(1000),
            seen: Timestamp::from_secs(1000),
            id_token: VerifiedIdToken::unsealed(jwt(claims)).unwrap(),
            authentication: None,
            refresh_token: Some("refresh-token".into()),
            access_tokens: BTreeMap::from([
                (TokenTarget::USER_INFO, token("opaque".into(), 1000)),
                (
                    TokenTarget::resource("https://api"),
                    token(jwt(r#"{"aud":"https://api"}"#), 1001),
                ),
            ]),
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

    /// A session with this many organization tokens, each used one second later than the previous
    /// one.
    fn large_session(tokens: u64) -> Session {
        let mut session = session();
        for number in 0..tokens {
            let claims = format!(
                r#"{{"aud":"urn:logto:organization:{number}","filler":"{}"}}"#,
                "x".repeat(400)
            );
            let token = AccessToken {
                secret: jwt(&claims),
                scopes: vec!["read".into()],
                expires: Timestamp::from_secs(4600),
            };
            let used = Timestamp::from_secs(2000 + number);
            session.access_tokens.insert(
                TokenTarget::organization(number.to_string()),
                CachedToken { token, used },
            );
        }
        session
    }

    #[test]
    fn a_session_is_read_back_with_identical_tokens() {
        let session = session();
        let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
        assert_eq!((read.id, read.version, read.started), (session.id, 3, session.started));
        assert_eq!(
            read.id_token.raw().expose_secret(),
            session.id_token.raw().expose_secret()
        );
        assert_eq!(read.refresh_token.unwrap().expose_secret(), "refresh-token");
        for (target, cached) in &session.access_tokens {
            let other = &read.access_tokens[target];
            assert_eq!(other.token.secret.expose_secret(), cached.token.secret.expose_secret());
            assert_eq!(
                (&other.token.scopes, other.token.expires, other.used),
                (&cached.token.scopes, cached.token.expires, cached.used)
            );
        }
    }

    #[test]
    fn the_end_of_a_grant_is_read_back() {
        let ended = session().with_grant_ended();
        let read = Session::from_bytes(&ended.to_bytes().unwrap()).unwrap();
        assert_eq!(read.state(Timestamp::from_secs(1000)), SessionState::SignInNeeded);
        assert!(read.refresh_token().is_none());
        assert_eq!(read.version(), 4);
    }

    #[test]
    fn the_app_data_and_the_active_organization_are_read_back() {
        let data = AppData::new(&7).unwrap();
        let changed = session()
            .changed(&SessionChange::AppData(Some(data.clone())))
            .changed(&SessionChange::ActiveOrganization(Some("o1".into())));
        let read = Session::from_bytes(&changed.to_bytes().unwrap()).unwrap();
        assert_eq!((read.app_data(), read.active_organization()), (Some(&data), Some("o1")));
        let removed = read
            .changed(&SessionChange::AppData(None))
            .changed(&SessionChange::ActiveOrganization(None));
        let read = Session::from_bytes(&removed.to_bytes().unwrap()).unwrap();
        assert_eq!((read.app_data(), read.active_organization()), (None, None));
    }

    fn acting() -> ActingAs {
        ActingAs::new("u2", Some("Bob".into()), "exchanged", Timestamp::from_secs(4600))
    }

    #[test]
    fn the_user_as_whom_the_user_acts_is_read_back() {
        let changed = session().changed(&SessionChange::ActingAs(Some(acting())));
        let read = Session::from_bytes(&changed.to_bytes().unwrap()).unwrap();
        let until = Timestamp::from_secs(4600);
        let found = read.acting_as(Timestamp::from_secs(4599)).unwrap();
        assert_eq!(
            (found.user_id.as_str(), found.name.as_deref(), found.until),
            ("u2", Some("Bob"), until)
        );
        assert_eq!(found.token().expose_secret(), "exchanged");
        assert!(read.acting_as(until).is_none(), "expired");
        let stopped = read.changed(&SessionChange::ActingAs(None));
        let read = Session::from_bytes(&stopped.to_bytes().unwrap()).unwrap();
        assert!(read.acting_as(Timestamp::from_secs(1000)).is_none());
    }

    #[test]
    fn acting_ends_with_the_grant_and_when_access_is_denied() {
        let (session, now) = (
            session().changed(&SessionChange::ActingAs(Some(acting()))),
            Timestamp::from_secs(1000),
        );
        assert!(session.with_grant_ended().acting_as(now).is_none());
        assert!(session.with_access_denied(now).acting_as(now).is_none());
        let tokens = || crate::token::TokenSet::new(session.access_tokens[&TokenTarget::USER_INFO].token.clone());
        let renewed = |at| session.renewed(TokenTarget::USER_INFO, tokens(), Timestamp::from_secs(at));
        assert!(renewed(4599).acting_as.is_some(), "a refresh keeps it");
        assert!(renewed(4600).acting_as.is_none(), "and drops an expired one");
    }

    #[test]
    fn another_sign_in_ends_acting() {
        let earlier = session().changed(&SessionChange::ActingAs(Some(acting())));
        let now = Timestamp::from_secs(1000);
        assert!(session().continuing(&earlier).acting_as(now).is_none());
    }

    /// Fields that are absent from the serialized form have their defaults.
    #[test]
    fn a_session_with_the_mandatory_fields_only_is_read() {
        let id = BASE64_URL_SAFE_NO_PAD.encode([7; 32]);
        let id_token = serde_json::json!([
            r#"{"alg":"ES384","kid":"k"}"#,
            r#"{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000}"#,
            "c2ln"
        ]);
        let json = serde_json::json!({ "i": id, "v": 3, "s": 1000, "l": 1000, "t": id_token });
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json.to_string().as_bytes()).unwrap();
        let read = Session::from_bytes(&encoder.finish().unwrap()).unwrap();
        assert_eq!((read.version(), read.id_token().claims().sub.as_str()), (3, "u1"));
        assert!(read.acting_as(Timestamp::from_secs(1000)).is_none());
    }

    #[test]
    fn absent_fields_take_no_space() {
        let json = serde_json::to_value(SessionDto::new(&session())).unwrap();
        for absent in ["e", "n", "d", "c", "p", "g", "o", "b"] {
            assert!(json.get(absent).is_none(), "{absent} in {json}");
        }
    }

    #[test]
    fn the_counters_of_a_session_are_kept() {
        let mut session = session();
        session.clears = 2;
        session.logouts = LogoutMark(7);
        let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
        assert_eq!((read.clears, read.logouts), (2, LogoutMark(7)));
    }

    fn names(names: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(id, name): &(&str, &str)| ((*id).to_owned(), (*name).to_owned());
        names.iter().map(owned).collect()
    }

    #[test]
    fn the_names_of_organizations_are_read_back() {
        let session = session().with_organization_names(names(&[("o1", "Acme"), ("o2", "")]));
        let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
        assert_eq!(read.organization_name("o1"), Some("Acme"));
        assert_eq!(
            (read.organization_name("o2"), read.organization_name("o3")),
            (None, None)
        );
        let changed = read.changed(&SessionChange::OrganizationNames(names(&[("o3", "Globex")])));
        let read = Session::from_bytes(&changed.to_bytes().unwrap()).unwrap();
        assert_eq!(
            (read.organization_name("o1"), read.organization_name("o3")),
            (None, Some("Globex"))
        );
    }

    /// Its names are newer, because an ID token is renewed and userinfo was read at the sign-in.
    #[test]
    fn the_id_token_names_organizations_before_userinfo_does() {
        let mut session = session().with_organization_names(names(&[("o1", "Old"), ("o2", "Globex")]));
        let claims = |more: &str| {
            format!(
                r#"{{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"organizations":["o1"]{more}}}"#
            )
        };
        session.id_token = VerifiedIdToken::unsealed(jwt(&claims(""))).unwrap();
        assert!(session.lacks_organization_names());
        assert_eq!(session.organization_name("o1"), Some("Old"));
        let data =
            r#","organization_data":[{"id":"o0","name":"Other"},{"id":"o1","name":"New"},{"id":"o2","name":null}]"#;
        session.id_token = VerifiedIdToken::unsealed(jwt(&claims(data))).unwrap();
        assert!(!session.lacks_organization_names());
        let shown = ["o1", "o2", "o3"].map(|id| session.organization_name(id));
        assert_eq!(shown, [Some("New"), Some("Globex"), None]);
        // Claims of another form name none.
        for odd in [
            r#","organization_data":{"o1":"New"}"#,
            r#","organization_data":["o1",{"name":"New"}]"#,
        ] {
            session.id_token = VerifiedIdToken::unsealed(jwt(&claims(odd))).unwrap();
            assert_eq!(session.organization_name("o1"), Some("Old"), "{odd}");
        }
    }

    /// An ID token with this JSON as the claim `organizations`.
    fn id_token_with(organizations: &str) -> VerifiedIdToken {
        let claims = format!(
            r#"{{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"organizations":{organizations}}}"#
        );
        VerifiedIdToken::unsealed(jwt(&claims)).unwrap()
    }

    #[test]
    fn a_user_without_organizations_lacks_no_names() {
        let mut session = session();
        for (organizations, lacks) in [("[]", false), ("null", false), (r#"["o1"]"#, true)] {
            session.id_token = id_token_with(organizations);
            assert_eq!(session.lacks_organization_names(), lacks, "{organizations}");
        }
    }

    #[test]
    fn the_smallest_form_of_a_session_has_no_names_of_organizations() {
        let session = session().with_organization_names(names(&[("o1", "Acme")]));
        let forms: Vec<_> = session
            .encodings()
            .map(|bytes| Session::from_bytes(&bytes).unwrap())
            .collect();
        let contents = |form: &Session| (form.access_tokens.len(), form.organization_name("o1").is_some());
        let contents: Vec<_> = forms.iter().map(contents).collect();
        assert_eq!(contents, [(2, true), (1, true), (0, true), (0, false)]);
    }

    #[test]
    fn another_sign_in_without_names_keeps_those_of_the_session_before() {
        let earlier = session().with_organization_names(names(&[("o1", "Acme")]));
        assert_eq!(session().continuing(&earlier).organization_name("o1"), Some("Acme"));
        let own = session().with_organization_names(names(&[("o1", "New")]));
        assert_eq!(own.continuing(&earlier).organization_name("o1"), Some("New"));
    }

    #[test]
    fn an_organization_that_the_user_has_left_is_not_active() {
        let mut session = session().changed(&SessionChange::ActiveOrganization(Some("o1".into())));
        for (organizations, active) in [(r#"["o1","o2"]"#, Some("o1")), (r#"["o2"]"#, None), ("[]", None)] {
            session.id_token = id_token_with(organizations);
            assert_eq!(session.active_organization(), active, "{organizations}");
        }
    }

    #[test]
    fn a_payload_that_was_sealed_for_another_purpose_is_rejected() {
        let keys = Sealer::new(&["x".repeat(32).into()]).unwrap();
        let bytes = session().to_bytes().unwrap();
        let (now, later) = (Timestamp::from_secs(1000), Timestamp::from_secs(2000));
        for (purpose, is_session) in [
            (Purpose::Session, true),
            (Purpose::StoredSession, true),
            (Purpose::RefreshResult, true),
            (Purpose::SessionId, false),
            (Purpose::Transaction, false),
            (Purpose::Refusal, false),
        ] {
            let context = SealContext {
                purpose,
                name: "name",
                app_id: "app",
            };
            let sealed = keys.seal(context, &bytes, now, later, &SystemRandom).unwrap();
            let unsealed = keys.open(context, sealed, now).unwrap();
            assert_eq!(Session::from_unsealed(&unsealed).is_ok(), is_session, "{purpose:?}");
        }
    }

    #[test]
    fn rejects_bytes_that_are_not_a_session() {
        assert!(Session::from_bytes(b"").is_err());
        assert!(Session::from_bytes(b"not deflate").is_err());
    }

    #[test]
    fn rejects_a_decompression_bomb() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
        assert!(Session::from_bytes(&encoder.finish().unwrap()).is_err());
    }

    #[test]
    fn a_session_with_too_many_tokens_is_written_without_the_least_recently_used_ones() {
        for tokens in [300, 600, 5000] {
            let session = large_session(tokens);
            let read = Session::from_bytes(&session.to_bytes().unwrap()).unwrap();
            assert_eq!(read.refresh_token.unwrap().expose_secret(), "refresh-token");
            let kept = read.access_tokens.len() as u64;
            let fits = read.access_tokens.len() == session.access_tokens.len();
            assert!(
                if tokens == 300 {
                    fits
                } else {
                    (400..500).contains(&kept)
                },
                "{kept} of {tokens}"
            );
            for number in (0..tokens).rev().take(400) {
                let target = TokenTarget::organization(number.to_string());
                assert!(read.access_tokens.contains_key(&target), "{number} of {tokens}");
            }
        }
    }

    #[test]
    fn rejects_a_session_that_could_not_be_read_back() {
        let mut session = large_session(3);
        let claims = format!(
            r#"{{"iss":"https://a/oidc","sub":"u1","aud":"app","exp":4600,"iat":1000,"name":"{}"}}"#,
            "x".repeat(MAX_INFLATED)
        );
        session.id_token = VerifiedIdToken::unsealed(jwt(&claims)).unwrap();
        assert_eq!(session.to_bytes().unwrap_err(), SessionCodecError::TooLarge);
    }

    #[test]
    fn the_debug_output_contains_no_token() {
        let debug = format!("{:?}", session());
        assert!(!debug.contains("refresh-token") && !debug.contains("opaque"), "{debug}");
    }

    #[test]
    fn the_least_recently_used_token_is_dropped_first() {
        let smaller = session().without_oldest_token().unwrap();
        assert_eq!(
            smaller.access_tokens.keys().collect::<Vec<_>>(),
            [&TokenTarget::resource("https://api")]
        );
        assert!(smaller.without_oldest_token().unwrap().without_oldest_token().is_none());
    }
}
