//! Errors of webhooks, one for each step of the validation.

use super::{Diagnose, Diagnosis, Fault};

/// A webhook was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// The request has no signature.
    #[error("the request has no header `logto-signature-sha-256`, so it is no webhook of Logto")]
    SignatureMissing,
    /// The header with the signature is repeated, or does not have 64 lowercase hexadecimal digits.
    #[error("the header `logto-signature-sha-256` is not one signature of 64 lowercase hexadecimal digits")]
    SignatureMalformed,
    /// No signing key matches the signature and the body.
    #[error(
        "the signature of the webhook is invalid; copy the signing key from the webhook's page in the Logto console, \
         and let no proxy change the body"
    )]
    Signature,
    /// The body is not a JSON object with `event`, `hookId` and `createdAt`.
    #[error("the webhook is not a JSON object with `event`, `hookId` and `createdAt`")]
    Malformed,
    /// The body of a known event lacks this field.
    #[error("the event of the webhook has no valid `{0}`")]
    FieldMissing(&'static str),
    /// The event is too old, so the webhook may be replayed.
    #[error("the webhook is too old; check the clocks, or raise its `max_age`")]
    Expired,
    /// The event is in the future.
    #[error("the webhook was created in the future; check the clocks, or raise `clock_tolerance`")]
    NotYetValid,
}

impl Diagnose for WebhookError {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::SignatureMissing => "webhook_signature_missing",
            Self::SignatureMalformed => "webhook_signature_malformed",
            Self::Signature => "webhook_signature",
            Self::Malformed => "webhook_malformed",
            Self::FieldMissing(_) => "webhook_field_missing",
            Self::Expired => "webhook_expired",
            Self::NotYetValid => "webhook_not_yet_valid",
        };
        Diagnosis::new(code, Fault::Mismatch)
    }
}
