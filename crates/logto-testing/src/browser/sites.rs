//! The services that answer the requests of a browser, by origin.

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    http::{Request, Response},
};
use tower::{Service, ServiceExt as _, util::BoxCloneSyncService};
use url::{Origin, Url};

type SiteService = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// The app, and the other sites that the browser reaches.
#[derive(Clone)]
pub(super) struct Sites {
    app: SiteService,
    others: Vec<(Origin, SiteService)>,
}

impl Sites {
    pub(super) fn of<S, B>(app: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            app: boxed(app),
            others: Vec::new(),
        }
    }

    pub(super) fn add<S, B>(&mut self, base_url: &Url, service: S)
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.others.push((base_url.origin(), boxed(service)));
    }

    /// The service at `url`. `app_url` is the base URL of the app.
    pub(super) fn at(&self, url: &Url, app_url: &Url) -> Option<SiteService> {
        let origin = url.origin();
        if origin == app_url.origin() {
            return Some(self.app.clone());
        }
        let (_, service) = self.others.iter().find(|(other, _)| *other == origin)?;
        Some(service.clone())
    }
}

fn boxed<S, B>(service: S) -> SiteService
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let service = service.map_response(|response: Response<B>| response.map(Body::new));
    BoxCloneSyncService::new(service.map_err(Into::into))
}
