//! Redirect URIs that the provider does not know, according to the self-check.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The redirect URIs that are not registered, as far as the provider was asked.
#[derive(Default)]
pub(crate) struct UnregisteredUris(Mutex<BTreeSet<String>>);

impl UnregisteredUris {
    pub(crate) fn contains(&self, redirect_uri: &str) -> bool {
        self.lock().contains(redirect_uri)
    }

    pub(crate) fn insert(&self, redirect_uri: &str) {
        self.lock().insert(redirect_uri.to_owned());
    }

    pub(crate) fn remove(&self, redirect_uri: &str) {
        self.lock().remove(redirect_uri);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
