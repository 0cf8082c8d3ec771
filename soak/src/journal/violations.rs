//! Broken invariants.

use std::{fmt, time::Duration};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ViolationKind {
    SessionLost,
    SignedOut,
    WrongUser,
    RevivedAfterSignOut,
    MemoryGrowth,
    NoRecovery,
    ErrorWithoutFault,
    Harness,
}

impl ViolationKind {
    pub(crate) const ALL: [Self; 8] = [
        Self::SessionLost,
        Self::SignedOut,
        Self::WrongUser,
        Self::RevivedAfterSignOut,
        Self::MemoryGrowth,
        Self::NoRecovery,
        Self::ErrorWithoutFault,
        Self::Harness,
    ];
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SessionLost => "acknowledged session lost",
            Self::SignedOut => "signed out without cause",
            Self::WrongUser => "wrong user on a page",
            Self::RevivedAfterSignOut => "session alive after its sign-out",
            Self::MemoryGrowth => "memory grows",
            Self::NoRecovery => "no recovery after the last fault",
            Self::ErrorWithoutFault => "error without a fault",
            Self::Harness => "unexpected answer",
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) at: Duration,
    pub(crate) kind: ViolationKind,
    pub(crate) visitor: Option<u32>,
    pub(crate) detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} s: {}", self.at.as_secs_f64(), self.kind)?;
        if let Some(visitor) = self.visitor {
            write!(f, ", visitor {visitor}")?;
        }
        write!(f, ": {}", self.detail)
    }
}
