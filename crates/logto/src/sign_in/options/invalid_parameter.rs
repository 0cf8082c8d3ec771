//! The error of an option.

/// A value is invalid for the named parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value of `{0}` is invalid; see Logto's documentation of its authentication parameters")]
pub struct InvalidParameter(pub &'static str);
