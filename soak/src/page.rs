//! The visible content of a response.

use std::fmt;

use axum::http::StatusCode;
use serde_json::Value;

/// Begins the usernames, ids and email addresses of all visitors.
pub(crate) const USERNAME: &str = "visitor-";
/// Begins the names of all visitors.
pub(crate) const NAME: &str = "Visitor ";
const DIGITS: usize = 4;

/// The username of a visitor.
pub(crate) fn username(number: u32) -> String {
    format!("{USERNAME}{number:0DIGITS$}")
}

/// The name that pages show.
pub(crate) fn display_name(number: u32) -> String {
    format!("{NAME}{number:0DIGITS$}")
}

/// The content of a response, as far as it concerns the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The visitor is signed in, and the response names them.
    User,
    /// There is no session.
    SignedOut,
    /// The grant has ended: the visitor has to sign in again.
    SignInNeeded,
    /// The app or the balancer reports an outage. `None`: no response.
    Outage(Option<u16>),
    /// The app cannot do this at the moment, and says so on a page or in JSON with another status.
    Refused(u16),
}

/// A response for the wrong visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The numbers of other visitors.
    Others(Vec<u32>),
    /// A signed-in page without the visitor's name.
    Unnamed,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Others(numbers) => write!(f, "the response names the visitors {numbers:?}"),
            Self::Unnamed => write!(f, "the page is signed in, but does not name the visitor"),
        }
    }
}

/// Reads a page of the app. `status` is `None` if there was no response.
pub(crate) fn of_page(own: u32, status: Option<StatusCode>, body: &str) -> Result<Shown, Wrong> {
    check_names(own, body)?;
    if let Some(outage) = outage(status) {
        return Ok(outage);
    }
    match session_state(body).as_deref() {
        Some("active" | "stale") if names(body).any(|number| number == own) => Ok(Shown::User),
        Some("active" | "stale") => Err(Wrong::Unnamed),
        Some("anonymous") => Ok(Shown::SignedOut),
        Some("sign_in_needed" | "expired") => Ok(Shown::SignInNeeded),
        _ => Ok(Shown::Refused(status.map_or(0, |status| status.as_u16()))),
    }
}

/// Reads the answer of a server function, whose success names the visitor.
pub(crate) fn of_function(own: u32, status: Option<StatusCode>, body: &str) -> Result<Shown, Wrong> {
    check_names(own, body)?;
    if let Some(outage) = outage(status) {
        return Ok(outage);
    }
    let is_error = |kind: &str| body.contains(&format!("\"kind\":\"{kind}\""));
    match status {
        Some(StatusCode::OK) if names(body).any(|number| number == own) => Ok(Shown::User),
        Some(StatusCode::OK) if body.trim() == "[]" => Ok(Shown::SignedOut),
        Some(StatusCode::OK) => Err(Wrong::Unnamed),
        _ if is_error("not_signed_in") => Ok(Shown::SignedOut),
        _ if is_error("sign_in_needed") => Ok(Shown::SignInNeeded),
        status => Ok(Shown::Refused(status.map_or(0, |status| status.as_u16()))),
    }
}

fn outage(status: Option<StatusCode>) -> Option<Shown> {
    match status {
        None => Some(Shown::Outage(None)),
        Some(status) if status.is_server_error() => Some(Shown::Outage(Some(status.as_u16()))),
        Some(_) => None,
    }
}

/// No response may name another visitor, whatever its status.
fn check_names(own: u32, body: &str) -> Result<(), Wrong> {
    let mut others: Vec<_> = names(body).filter(|number| *number != own).collect();
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        Ok(())
    } else {
        Err(Wrong::Others(others))
    }
}

/// The numbers of all visitors whose name, username, id or address is in the text.
fn names(text: &str) -> impl Iterator<Item = u32> {
    [USERNAME, NAME].into_iter().flat_map(move |prefix| {
        text.match_indices(prefix).filter_map(move |(position, _)| {
            let digits = text.get(position + prefix.len()..)?.get(..DIGITS)?;
            digits.parse().ok()
        })
    })
}

/// The state of the session that a page of the app describes for its scripts.
fn session_state(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("data-logto-snapshot=\"")?;
    let (escaped, _) = rest.split_once('"')?;
    let json = escaped
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let snapshot: Value = serde_json::from_str(&json).ok()?;
    Some(snapshot.get("state")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: Option<StatusCode> = Some(StatusCode::OK);

    fn page(state: &str, text: &str) -> String {
        let snapshot = format!("{{&quot;state&quot;:&quot;{state}&quot;,&quot;texts&quot;:{{}}}}");
        format!("<body><span hidden data-logto-snapshot=\"{snapshot}\"></span><p>{text}</p></body>")
    }

    #[test]
    fn a_signed_in_page_has_to_name_its_visitor() {
        for state in ["active", "stale"] {
            assert_eq!(of_page(7, OK, &page(state, "Visitor 0007")), Ok(Shown::User));
            assert_eq!(of_page(7, OK, &page(state, "usr_visitor-0007")), Ok(Shown::User));
            assert_eq!(of_page(7, OK, &page(state, "")), Err(Wrong::Unnamed));
        }
    }

    #[test]
    fn a_page_that_names_another_visitor_is_wrong_whatever_its_status_and_state() {
        let others = |numbers: &[u32]| Err(Wrong::Others(numbers.to_vec()));
        for status in [OK, Some(StatusCode::SERVICE_UNAVAILABLE), Some(StatusCode::NOT_FOUND)] {
            for state in ["active", "anonymous", "sign_in_needed"] {
                let body = page(state, "Visitor 0007, visitor-0012@example.com, usr_visitor-0003");
                assert_eq!(of_page(7, status, &body), others(&[3, 12]));
            }
        }
        assert_eq!(of_function(7, OK, r#"{"sub":"usr_visitor-0070"}"#), others(&[70]));
    }

    #[test]
    fn a_signed_out_page_differs_from_an_outage() {
        assert_eq!(of_page(7, OK, &page("anonymous", "")), Ok(Shown::SignedOut));
        assert_eq!(of_page(7, OK, &page("sign_in_needed", "")), Ok(Shown::SignInNeeded));
        let unavailable = Some(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(of_page(7, unavailable, "down"), Ok(Shown::Outage(Some(503))));
        assert_eq!(of_page(7, None, ""), Ok(Shown::Outage(None)));
        assert_eq!(of_page(7, Some(StatusCode::NOT_FOUND), ""), Ok(Shown::Refused(404)));
    }

    #[test]
    fn an_answer_of_a_server_function_names_the_visitor_or_the_error() {
        let of = |status: u16, body| of_function(7, StatusCode::from_u16(status).ok(), body);
        assert_eq!(
            of(200, r#"[{"name":"sub","value":"usr_visitor-0007"}]"#),
            Ok(Shown::User)
        );
        assert_eq!(of(200, "[]"), Ok(Shown::SignedOut));
        assert_eq!(of(200, r#"{"token":"…"}"#), Err(Wrong::Unnamed));
        assert_eq!(
            of(401, r#"{"kind":"not_signed_in","code":"not_signed_in"}"#),
            Ok(Shown::SignedOut)
        );
        assert_eq!(
            of(401, r#"{"kind":"sign_in_needed","code":"grant_ended"}"#),
            Ok(Shown::SignInNeeded)
        );
        assert_eq!(of(503, r#"{"kind":"unavailable"}"#), Ok(Shown::Outage(Some(503))));
        assert_eq!(of(403, r#"{"kind":"forbidden"}"#), Ok(Shown::Refused(403)));
    }

    #[test]
    fn the_names_of_visitors_are_those_that_the_checks_look_for() {
        let text = format!("{} {}", username(7), display_name(123));
        assert_eq!(names(&text).collect::<Vec<_>>(), [7, 123]);
    }
}
