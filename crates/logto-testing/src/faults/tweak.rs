//! Faults a test writes itself.

use std::{fmt, sync::Arc};

/// A change to a `T` that no named fault makes. Made by the constructors of the faults.
pub struct Tweak<T>(Arc<dyn Fn(&mut T) + Send + Sync>);

impl<T> Tweak<T> {
    pub(crate) fn new(change: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        Self(Arc::new(change))
    }

    pub(crate) fn apply(&self, to: &mut T) {
        (self.0)(to);
    }
}

impl<T> Clone for Tweak<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Tweak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tweak")
    }
}
