//! Faults that a test defines by a closure.

use std::{fmt, sync::Arc};

/// A closure that changes a `T`. Created by constructors of the faults, such as
/// [`IdTokenFault::claims`](crate::IdTokenFault::claims).
pub struct Tweak<T>(Arc<dyn Fn(&mut T) + Send + Sync>);

impl<T> Tweak<T> {
    pub(crate) fn new(change: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        Self(Arc::new(change))
    }

    pub(crate) fn apply(&self, value: &mut T) {
        (self.0)(value);
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
