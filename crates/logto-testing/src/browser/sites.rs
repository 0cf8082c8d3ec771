//! The services that answer the requests of a browser, by origin.

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    http::{Request, Response},
};
use tower::{Service, ServiceExt as _, util::BoxCloneSyncService};
use url::{Origin, Url};

type BoxedService = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// A tower service that answers the requests of a [`Browser`](crate::Browser), such as an axum
/// `Router`. Every service with these types is one.
pub trait WebService {
    /// Returns the service with the types that a browser uses.
    #[doc(hidden)]
    fn boxed(self) -> BoxedService;
}

impl<S, B> WebService for S
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn boxed(self) -> BoxedService {
        let service = self.map_response(|response: Response<B>| response.map(Body::new));
        BoxCloneSyncService::new(service.map_err(Into::into))
    }
}

/// The app, and the other sites that the browser reaches.
#[derive(Clone)]
pub(super) struct Sites {
    app: BoxedService,
    others: Vec<(Origin, BoxedService)>,
}

impl Sites {
    pub(super) fn of(app: impl WebService) -> Self {
        Self {
            app: app.boxed(),
            others: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, base_url: &Url, service: impl WebService) {
        self.others.push((base_url.origin(), service.boxed()));
    }

    /// The service at `url`. `app_url` is the base URL of the app.
    pub(super) fn at(&self, url: &Url, app_url: &Url) -> Option<BoxedService> {
        let origin = url.origin();
        if origin == app_url.origin() {
            return Some(self.app.clone());
        }
        let (_, service) = self.others.iter().find(|(other, _)| *other == origin)?;
        Some(service.clone())
    }
}
