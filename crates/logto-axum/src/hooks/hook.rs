//! A function of the app.

use std::{error::Error, pin::Pin, sync::Arc};

/// The error of a hook that only observes. Any error converts into it.
pub type HookError = Box<dyn Error + Send + Sync>;

pub(crate) type HookFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
pub(crate) type Hook<E, T> = Arc<dyn Fn(E) -> HookFuture<T> + Send + Sync>;
