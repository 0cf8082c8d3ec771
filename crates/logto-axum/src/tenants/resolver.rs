//! How the tenant of a request is found.

use std::{error::Error, pin::Pin, sync::Arc};

use axum::body::Body;
use http::{Request, request::Parts};

use crate::logto::Logto;

type Function = dyn Fn(&Parts) -> Option<Logto> + Send + Sync;
type LookupFunction = dyn Fn(&Parts) -> Lookup + Send + Sync;

/// A search that waits, such as for a database.
pub(super) type Lookup = Pin<Box<dyn Future<Output = Result<Option<Logto>, Box<dyn Error + Send + Sync>>> + Send>>;

#[derive(Clone)]
pub(super) enum Resolver {
    BaseUrls(Arc<[Logto]>),
    Function(Arc<Function>),
    Lookup(Arc<LookupFunction>),
}

/// The tenant of a request, or the search for it.
pub(super) enum Tenant {
    Known(Option<Logto>),
    Lookup(Lookup),
}

impl Resolver {
    pub(super) fn resolve(&self, request: Request<Body>) -> (Tenant, Request<Body>) {
        match self {
            Self::BaseUrls(tenants) => (Tenant::Known(by_base_url(tenants, &request)), request),
            Self::Function(resolve) => from_head(request, |parts| Tenant::Known(resolve(parts))),
            Self::Lookup(lookup) => from_head(request, |parts| Tenant::Lookup(lookup(parts))),
        }
    }
}

fn from_head(request: Request<Body>, find: impl FnOnce(&Parts) -> Tenant) -> (Tenant, Request<Body>) {
    let (parts, body) = request.into_parts();
    (find(&parts), Request::from_parts(parts, body))
}

fn by_base_url(tenants: &[Logto], request: &Request<Body>) -> Option<Logto> {
    let path = request.uri().path();
    let matching = tenants.iter().filter_map(|logto| {
        let address = &logto.shared.sites.named(request)?.address;
        address.contains(path).then(|| (address.cookie_path().len(), logto))
    });
    let (_, logto) = matching.max_by_key(|(length, _)| *length)?;
    Some(logto.clone())
}
