//! The layer that admits only users who meet a requirement.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::{FromFn, FromFnLayer, Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use futures_util::future::BoxFuture;
use http::request::Parts;
use logto_requirements::Requirement;
use tower::Layer;

use super::{rejection::RequirementRejection, sign_in_path::is_part_of_sign_in};
use crate::{error::SessionError, logto::Logto, session::AuthSession};

type Guard = fn(State<Arc<Requirement>>, Request, Next) -> BoxFuture<'static, Response>;
type Arguments = (State<Arc<Requirement>>, Request);

/// Admits only users who meet a requirement; made by [`Logto::require`].
#[derive(Clone)]
#[must_use = "a layer has no effect until it is added"]
pub struct RequireLayer(FromFnLayer<Guard, Arc<Requirement>, Arguments>);

impl Logto {
    /// Returns a layer for routes whose users have to meet a requirement. It goes below
    /// [`Logto::layer`].
    ///
    /// A browser that opens a page without a sufficient sign-in goes to the provider, and returns
    /// to the same address; see [`RequirementRejection`] for other requests. Handlers get the user
    /// with the extractor [`RequireUser`](crate::RequireUser).
    ///
    /// The routes of [`Logto::routes`] and the page for failed sign-ins pass, so that the layer can
    /// be added to a whole app.
    ///
    /// ```
    /// # use logto_axum::{Logto, LogtoConfig, RequireUser, WebConfig, role};
    /// use axum::{Router, routing::get};
    ///
    /// # fn app(logto: Logto) -> Router {
    /// let admin = Router::new()
    ///     .route("/admin", get(async |user: RequireUser| format!("Hello {}", user.id())))
    ///     .layer(logto.require(role("admin")));
    /// Router::new().merge(admin).merge(logto.routes()).layer(logto.layer())
    /// # }
    /// ```
    pub fn require(&self, requirement: impl Into<Requirement>) -> RequireLayer {
        let requirement = Arc::new(requirement.into());
        RequireLayer(from_fn_with_state(requirement, guard as Guard))
    }
}

impl<S> Layer<S> for RequireLayer {
    type Service = FromFn<Guard, Arc<Requirement>, S, Arguments>;

    fn layer(&self, inner: S) -> Self::Service {
        self.0.layer(inner)
    }
}

fn guard(State(requirement): State<Arc<Requirement>>, request: Request, next: Next) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        let (parts, body) = request.into_parts();
        match judge(&requirement, &parts).await {
            Ok(()) => next.run(Request::from_parts(parts, body)).await,
            Err(rejection) => rejection.into_response(),
        }
    })
}

async fn judge(requirement: &Requirement, parts: &Parts) -> Result<(), RequirementRejection> {
    let session = parts.extensions.get::<AuthSession>();
    let session = session.ok_or_else(|| RequirementRejection::without_sign_in(SessionError::LayerMissing))?;
    if is_part_of_sign_in(session, parts) {
        return Ok(());
    }
    match session.require_by(requirement).await {
        Ok(_) => Ok(()),
        Err(error) => Err(RequirementRejection::new(session, error, parts).await),
    }
}
