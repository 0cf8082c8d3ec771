//! Step-up: the sign-in that gives a proof, and the challenge of an API that demands it (RFC 9470).

use std::{fmt::Write as _, time::Duration};

use http::{HeaderMap, HeaderValue, header};
use logto::SignInOptions;
use logto_requirements::{Acr, StepUp};

const ERROR: &str = "insufficient_user_authentication";

/// The longest class that is read from a challenge, in bytes.
const MAX_CLASS: usize = 255;

/// Returns the options of a sign-in that asks for this proof.
pub(crate) fn options_for(proof: &StepUp) -> SignInOptions {
    let options = SignInOptions::new().with_acr_values(proof.acr.clone());
    match proof.max_age {
        Some(age) => options.with_max_age(age.as_secs()),
        None => options,
    }
}

/// Returns the header `WWW-Authenticate` that demands this proof (RFC 9470 §3).
pub(crate) fn challenge_for(proof: &StepUp) -> HeaderValue {
    let mut challenge = format!(r#"Bearer error="{ERROR}", error_description="the user has to authenticate again""#);
    if let Some(acr) = &proof.acr {
        let class = acr.as_str().replace('\\', r"\\").replace('"', r#"\""#);
        let _ = write!(challenge, r#", acr_values="{class}""#);
    }
    if let Some(age) = proof.max_age {
        let _ = write!(challenge, r#", max_age="{}""#, age.as_secs());
    }
    // A class with control characters has no form in a header.
    HeaderValue::from_str(&challenge).unwrap_or(HeaderValue::from_static("Bearer"))
}

/// Reads what an API demands in `WWW-Authenticate`, if its answer is `401` because the
/// authentication of the user is too old or too weak (RFC 9470 §3).
///
/// A server function that returns the proof as an error leads the user to it, and back:
///
/// ```
/// use http::HeaderMap;
/// use logto_axum::{SessionError, step_up_challenge};
///
/// fn check(answer: &HeaderMap) -> Result<(), SessionError> {
///     match step_up_challenge(answer) {
///         Some(proof) => Err(proof.into()),
///         None => Ok(()),
///     }
/// }
/// # let mut answer = HeaderMap::new();
/// # answer.insert("www-authenticate", r#"Bearer error="insufficient_user_authentication", max_age="300""#.parse().unwrap());
/// # assert!(check(&answer).is_err());
/// ```
#[must_use]
pub fn step_up_challenge(headers: &HeaderMap) -> Option<StepUp> {
    let values = headers.get_all(header::WWW_AUTHENTICATE).iter();
    values.filter_map(|value| value.to_str().ok()).find_map(demand)
}

fn demand(header: &str) -> Option<StepUp> {
    let challenges = http_auth::parse_challenges(header).ok()?;
    challenges.into_iter().find_map(|challenge| {
        let param = |name: &str| {
            let param = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            param.map(|(_, value)| value.to_unescaped())
        };
        if !challenge.scheme.eq_ignore_ascii_case("bearer") || param("error")? != ERROR {
            return None;
        }
        let mut proof = StepUp::new();
        // The API prefers the first class.
        let classes = param("acr_values").unwrap_or_default();
        if let Some(class) = classes
            .split_ascii_whitespace()
            .next()
            .filter(|class| class.len() <= MAX_CLASS)
        {
            proof = proof.with_acr(Acr::from(class));
        }
        if let Some(seconds) = param("max_age").and_then(|text| text.parse().ok()) {
            proof = proof.with_max_age(Duration::from_secs(seconds));
        }
        Some(proof)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Option<StepUp> {
        let mut headers = HeaderMap::new();
        headers.insert(header::WWW_AUTHENTICATE, header.parse().unwrap());
        step_up_challenge(&headers)
    }

    fn proof(acr: Option<&str>, max_age: Option<u64>) -> StepUp {
        let mut proof = StepUp::new();
        proof.acr = acr.map(Acr::from);
        proof.max_age = max_age.map(Duration::from_secs);
        proof
    }

    #[test]
    fn a_challenge_is_read_as_it_was_written() {
        for proof in [
            proof(Some("urn:logto:acr:mfa"), Some(300)),
            proof(Some(r#"a"b\c"#), None),
            proof(None, Some(0)),
            proof(None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::WWW_AUTHENTICATE, challenge_for(&proof));
            assert_eq!(step_up_challenge(&headers), Some(proof));
        }
    }

    #[test]
    fn the_challenge_is_found_among_others_and_in_any_case() {
        let header = r#"Basic realm="a, Bearer b", bEARER Error="insufficient_user_authentication", ACR_values="x y""#;
        assert_eq!(read(header), Some(proof(Some("x"), None)));
        let mut headers = HeaderMap::new();
        headers.append(header::WWW_AUTHENTICATE, "Basic realm=x".parse().unwrap());
        headers.append(header::WWW_AUTHENTICATE, challenge_for(&proof(None, Some(5))));
        assert_eq!(step_up_challenge(&headers), Some(proof(None, Some(5))));
    }

    #[test]
    fn another_error_or_a_malformed_header_demands_nothing() {
        for header in [
            "Bearer",
            r#"Bearer error="invalid_token""#,
            r#"Bearer error="insufficient_user_authentication"#,
            r#"DPoP error="insufficient_user_authentication""#,
            r#"Bearer error_description="insufficient_user_authentication""#,
            ",,,=",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }

    #[test]
    fn values_that_make_no_sense_are_left_out() {
        let long = format!(
            r#"Bearer error="{ERROR}", acr_values="{}", max_age="-1""#,
            "a".repeat(300)
        );
        assert_eq!(read(&long), Some(proof(None, None)));
        let huge = format!(r#"Bearer error="{ERROR}", max_age="99999999999999999999999""#);
        assert_eq!(read(&huge), Some(proof(None, None)));
    }
}
