//! The extractor for the signed-in user.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::request::Parts;
use logto_requirements::signed_in;

use super::rejection::RequirementRejection;
use crate::{session::AuthSession, user::User};

/// The signed-in user, for handlers that need one.
///
/// Without one, a browser that opens a page goes to the sign-in, and returns to the same address.
/// Other requests get 401 with a stable code; see [`RequirementRejection`]. For roles and scopes,
/// add the layer [`Logto::require`](crate::Logto::require), or call [`AuthSession::require`].
///
/// ```
/// use logto_axum::RequireUser;
///
/// async fn greet(user: RequireUser) -> String {
///     format!("Hello {}", user.name().unwrap_or("there"))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct RequireUser(pub User);

impl Deref for RequireUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for RequireUser {
    type Rejection = RequirementRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RequirementRejection> {
        let session = AuthSession::from_request_parts(parts, state).await;
        let session = session.map_err(RequirementRejection::without_sign_in)?;
        match session.require(signed_in()).await {
            Ok(user) => Ok(Self(user)),
            Err(error) => Err(RequirementRejection::new(&session, error, parts).await),
        }
    }
}
