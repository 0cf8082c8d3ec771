//! Decides the steps of a refresh. The decision depends on facts alone: it reads no clock and no
//! store, and sends no request.

use crate::{
    error::TokenError,
    token::{FailedRefresh, TokenSet},
};

/// The facts that decide the next step. `T` is the access token.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
pub(super) struct Facts<T> {
    /// A cached token that satisfies the caller.
    pub(super) suitable_token: Option<T>,
    pub(super) has_refresh_token: bool,
    /// Whether the provider has denied access, and the session backs off.
    pub(super) is_denied: bool,
    /// The error of an earlier refresh, while its back-off lasts.
    pub(super) back_off: Option<TokenError>,
    /// The provider's answer to this refresh, if it has been requested.
    pub(super) answer: Option<Answer>,
    /// Whether the answer is to a plain refresh, one without a target.
    pub(super) is_plain: bool,
    /// Whether the store has been searched for a newer version of the session.
    pub(super) store_checked: bool,
}

/// The kind of the provider's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Tokens,
    /// A refusal that may concern the target or the whole application.
    MayDenyApplication,
    /// A refusal of the target, before which the refresh token may have rotated.
    MayHaveRotated,
    GrantEnded,
    /// A rejected answer with a rotated refresh token.
    RefreshTokenOnly,
    Failed,
}

impl Answer {
    pub(super) fn of(outcome: &Result<TokenSet, FailedRefresh>) -> Self {
        match outcome {
            Ok(_) => Self::Tokens,
            Err(failed) if failed.may_deny_application() => Self::MayDenyApplication,
            Err(failed) if failed.may_have_rotated() => Self::MayHaveRotated,
            Err(failed) if failed.error.ends_grant() => Self::GrantEnded,
            Err(failed) if failed.refresh_token.is_some() => Self::RefreshTokenOnly,
            Err(_) => Self::Failed,
        }
    }
}

/// The next step of a refresh.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<T> {
    UseToken(T),
    /// Fail without a request.
    Fail(TokenError),
    RequestTarget,
    /// Request a plain refresh. It tells whether a refusal concerns the whole application, and
    /// returns a refresh token that replaces one lost in the refusal.
    RequestPlain,
    /// Search the store for a newer version of the session.
    CheckStore,
    /// Finish with the provider's answer.
    Finish(Effect),
}

impl<T> Step<T> {
    /// Whether the step sends a request.
    pub(super) fn is_request(&self) -> bool {
        matches!(self, Self::RequestTarget | Self::RequestPlain)
    }
}

/// The effect of an answer on the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Renew,
    DenyAccess,
    EndGrant,
    KeepRefreshToken,
    None,
}

/// Decides the next step.
pub(super) fn next_step<T>(facts: Facts<T>) -> Step<T> {
    match facts.answer {
        None => before_request(facts),
        Some(Answer::Tokens) => Step::Finish(Effect::Renew),
        // The tenant's script for custom claims may refuse a single target with the same error. A
        // plain refresh tells the two apart, so that such a script does not lock the user out. It also
        // replaces a refresh token that a refusal has used up.
        Some(Answer::MayDenyApplication | Answer::MayHaveRotated) if !facts.is_plain => Step::RequestPlain,
        Some(Answer::MayDenyApplication) => Step::Finish(Effect::DenyAccess),
        // Another process may have rotated the refresh token after this one read the session.
        Some(Answer::GrantEnded) if !facts.store_checked => Step::CheckStore,
        Some(Answer::GrantEnded) => Step::Finish(Effect::EndGrant),
        Some(Answer::RefreshTokenOnly) => Step::Finish(Effect::KeepRefreshToken),
        Some(Answer::MayHaveRotated | Answer::Failed) => Step::Finish(Effect::None),
    }
}

fn before_request<T>(facts: Facts<T>) -> Step<T> {
    if let Some(token) = facts.suitable_token {
        Step::UseToken(token)
    } else if !facts.has_refresh_token {
        Step::Fail(TokenError::NoRefreshToken)
    } else if facts.is_denied {
        Step::Fail(TokenError::AccessDenied)
    } else if let Some(error) = facts.back_off {
        Step::Fail(error)
    } else {
        Step::RequestTarget
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{OAuthError, RequestError};

    const TOKEN: &str = "token";

    fn facts() -> Facts<&'static str> {
        Facts {
            suitable_token: None,
            has_refresh_token: true,
            is_denied: false,
            back_off: None,
            answer: None,
            is_plain: false,
            store_checked: false,
        }
    }

    #[test]
    fn the_step_before_a_request_depends_on_the_session() {
        let back_off = || Some(TokenError::Refused(OAuthError::InvalidTarget));
        let wanted = || Step::Fail(TokenError::Refused(OAuthError::InvalidTarget));
        // Suitable token, refresh token, denied, back-off.
        let table = [
            (None, true, false, None, Step::RequestTarget),
            (None, true, false, back_off(), wanted()),
            (None, true, true, None, Step::Fail(TokenError::AccessDenied)),
            (None, true, true, back_off(), Step::Fail(TokenError::AccessDenied)),
            (None, false, false, None, Step::Fail(TokenError::NoRefreshToken)),
            (None, false, true, back_off(), Step::Fail(TokenError::NoRefreshToken)),
            (Some(TOKEN), true, false, None, Step::UseToken(TOKEN)),
            (Some(TOKEN), false, true, back_off(), Step::UseToken(TOKEN)),
        ];
        for (number, (suitable_token, has_refresh_token, is_denied, back_off, step)) in table.into_iter().enumerate() {
            for store_checked in [false, true] {
                let facts = Facts {
                    suitable_token,
                    has_refresh_token,
                    is_denied,
                    back_off: back_off.clone(),
                    store_checked,
                    ..facts()
                };
                assert_eq!(next_step(facts), step, "row {number}");
            }
        }
    }

    #[test]
    fn the_step_after_a_request_depends_on_the_answer() {
        const ANY: [bool; 2] = [false, true];
        // Answer, plain, store checked.
        let table: [(_, &[bool], &[bool], _); 10] = [
            (Answer::Tokens, &ANY, &ANY, Step::Finish(Effect::Renew)),
            (Answer::MayDenyApplication, &[false], &ANY, Step::RequestPlain),
            (
                Answer::MayDenyApplication,
                &[true],
                &ANY,
                Step::Finish(Effect::DenyAccess),
            ),
            (Answer::MayHaveRotated, &[false], &ANY, Step::RequestPlain),
            (Answer::MayHaveRotated, &[true], &ANY, Step::Finish(Effect::None)),
            (Answer::GrantEnded, &ANY, &[false], Step::CheckStore),
            (Answer::GrantEnded, &ANY, &[true], Step::Finish(Effect::EndGrant)),
            (
                Answer::RefreshTokenOnly,
                &ANY,
                &ANY,
                Step::Finish(Effect::KeepRefreshToken),
            ),
            (Answer::Failed, &[false], &ANY, Step::Finish(Effect::None)),
            (Answer::Failed, &[true], &ANY, Step::Finish(Effect::None)),
        ];
        for (answer, plain, checked, step) in table {
            for (is_plain, store_checked) in plain.iter().flat_map(|plain| checked.iter().map(|it| (*plain, *it))) {
                let after_request = Facts {
                    answer: Some(answer),
                    is_plain,
                    store_checked,
                    ..facts()
                };
                assert_eq!(next_step(after_request.clone()), step, "{answer:?}");
                // The facts before the request no longer matter.
                let others = Facts {
                    suitable_token: Some(TOKEN),
                    has_refresh_token: false,
                    is_denied: true,
                    back_off: Some(RequestError::TimedOut.into()),
                    ..after_request
                };
                assert_eq!(next_step(others), step, "{answer:?}");
            }
        }
    }

    #[test]
    fn an_answer_is_classified_by_its_error_and_its_refresh_token() {
        let failed = |error, refresh_token: Option<&str>, status| FailedRefresh {
            refresh_token: refresh_token.map(Into::into),
            status,
            ..FailedRefresh::from(error)
        };
        let (bad_request, forbidden) = (Some(http::StatusCode::BAD_REQUEST), Some(http::StatusCode::FORBIDDEN));
        let refused = TokenError::Refused;
        for (outcome, answer) in [
            (
                failed(refused(OAuthError::AccessDenied), None, bad_request),
                Answer::MayDenyApplication,
            ),
            (
                failed(refused(OAuthError::AccessDenied), None, forbidden),
                Answer::Failed,
            ),
            (
                failed(refused(OAuthError::InvalidTarget), None, bad_request),
                Answer::MayHaveRotated,
            ),
            (
                failed(refused(OAuthError::InvalidRequest), None, bad_request),
                Answer::MayHaveRotated,
            ),
            (
                failed(refused(OAuthError::InsufficientScope), None, forbidden),
                Answer::Failed,
            ),
            (
                failed(refused(OAuthError::InvalidGrant), None, bad_request),
                Answer::GrantEnded,
            ),
            (
                failed(TokenError::SubjectChanged, Some("rotated"), None),
                Answer::GrantEnded,
            ),
            (
                failed(RequestError::TimedOut.into(), Some("rotated"), None),
                Answer::RefreshTokenOnly,
            ),
            (failed(RequestError::TimedOut.into(), None, None), Answer::Failed),
        ] {
            assert_eq!(Answer::of(&Err(outcome)), answer);
        }
    }
}
