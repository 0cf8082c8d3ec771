//! The signed-in user.

pub(crate) mod view;

use std::{any::type_name, fmt, sync::Arc};

use futures_util::future::BoxFuture;
use logto::{Amr, IdTokenClaims, Timestamp, session::Session};
use logto_requirements::{Acr, UserView};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::SessionError;

/// The signed-in user of a request: the claims of the ID token, and data of the provider.
///
/// ```
/// # use logto_axum::{SessionError, AuthSession};
/// # async fn greet(session: AuthSession) -> Result<String, SessionError> {
/// Ok(match session.user().await? {
///     Some(user) => format!("Hello {}", user.name().unwrap_or("there")),
///     None => "Hello, please sign in".to_owned(),
/// })
/// # }
/// ```
#[derive(Clone)]
pub struct User {
    pub(crate) session: Arc<Session>,
    pub(crate) request: Arc<dyn UserRequest>,
}

/// The methods of a [`User`] that need the session of the request.
///
/// It is a trait because the session holds the configuration, which holds a function of the user.
pub(crate) trait UserRequest: Send + Sync {
    /// Requests the custom data from the provider.
    fn custom_data(&self) -> BoxFuture<'_, Result<Option<Value>, SessionError>>;

    /// Decides what the browser knows about the user, from the default view.
    fn decide_view(&self, user: &User, view: UserView) -> UserView;
}

impl User {
    /// Returns the id: the claim `sub`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.claims().sub
    }

    /// Returns the first of name, username, email address and phone number that is not empty.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.claims().profile.display_name()
    }

    /// Returns the email address. It needs the scope `email`.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.claims().profile.email.as_deref()
    }

    /// Returns the claims of the ID token.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        self.session.id_token().claims()
    }

    /// Returns when the user last entered credentials, if Logto has said so. Before 1.46 it does
    /// only after a sign-in with `max_age`.
    ///
    /// It is no later than the sign-in, whatever a refreshed ID token claims.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<Timestamp> {
        self.session.authenticated_at()
    }

    /// Returns the class that the authentication has reached. Logto reports it since 1.46, unless
    /// the user has signed in only at a connector.
    ///
    /// It is no stronger than that of the sign-in, whatever a refreshed ID token claims.
    #[must_use]
    pub fn acr(&self) -> Option<&Acr> {
        self.session.acr()
    }

    /// Returns how the user has signed in. Logto reports it since 1.46.
    pub fn amr(&self) -> impl Iterator<Item = &Amr> {
        self.session.amr()
    }

    /// Whether the ID token names this global role. It needs the scope `roles`.
    ///
    /// A tenant can remove the claim from ID tokens, and then the answer is `false`.
    /// [`AuthSession::require`](crate::AuthSession::require) asks the provider in this case.
    #[must_use]
    pub fn has_role(&self, name: &str) -> bool {
        contains(self.claims().profile.roles.as_deref(), name)
    }

    /// Whether the ID token names this role in an organization. It needs the scope
    /// `urn:logto:scope:organization_roles`. See [`User::has_role`] about a missing claim.
    #[must_use]
    pub fn has_role_in(&self, organization_id: &str, name: &str) -> bool {
        let roles = self.claims().profile.roles_in(organization_id);
        roles.is_some_and(|mut roles| roles.any(|role| role == name))
    }

    /// Whether the ID token names this organization. It needs the scope
    /// `urn:logto:scope:organizations`. See [`User::has_role`] about a missing claim.
    #[must_use]
    pub fn is_member_of(&self, organization_id: &str) -> bool {
        contains(self.claims().profile.organizations.as_deref(), organization_id)
    }

    /// Returns the name of one of the user's organizations, or `None` if it is unknown, see
    /// [`WebConfig::with_organization_names`](crate::WebConfig::with_organization_names).
    ///
    /// A name proves no membership: the session keeps the names from the sign-in, also of an
    /// organization that the user has left since.
    #[must_use]
    pub fn organization_name(&self, organization_id: &str) -> Option<&str> {
        self.session.organization_name(organization_id)
    }

    /// Returns the custom data of the user, or `None` if there is none. It needs the scope
    /// `custom_data`.
    ///
    /// Unless the tenant adds the data to ID tokens, each call sends a request to the provider.
    ///
    /// ```
    /// # use logto_axum::{SessionError, User};
    /// #[derive(serde::Deserialize)]
    /// struct Settings {
    ///     theme: String,
    /// }
    ///
    /// # async fn theme(user: User) -> Result<Option<String>, SessionError> {
    /// let settings = user.custom_data::<Settings>().await?;
    /// # Ok(settings.map(|settings| settings.theme))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::UnexpectedClaims`] if the data does not fit the type, and the errors of
    /// userinfo if it is needed.
    pub async fn custom_data<T: DeserializeOwned>(&self) -> Result<Option<T>, SessionError> {
        let data = match self.claims().extra.get("custom_data") {
            Some(data) => Some(data.clone()),
            None => self.request.custom_data().await?,
        };
        data.filter(|data| !data.is_null()).map(read).transpose()
    }

    /// Returns the data that the app has put into the session, or `None`, without a request.
    ///
    /// The hook [`WebConfig::with_on_sign_in`](crate::WebConfig::with_on_sign_in) or
    /// [`AuthSession::set_data`](crate::AuthSession::set_data) sets it.
    ///
    /// ```
    /// # use logto_axum::{SessionError, User};
    /// #[derive(serde::Deserialize)]
    /// struct Account {
    ///     id: u64,
    /// }
    ///
    /// # fn account_id(user: &User) -> Result<Option<u64>, SessionError> {
    /// Ok(user.data::<Account>()?.map(|account| account.id))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::UnexpectedData`] if the data does not fit the type: an earlier version of
    /// the app may have set it.
    pub fn data<T: DeserializeOwned>(&self) -> Result<Option<T>, SessionError> {
        let Some(data) = self.session.app_data() else {
            return Ok(None);
        };
        let data = data.read().ok_or(SessionError::UnexpectedData(type_name::<T>()))?;
        Ok(Some(data))
    }

    /// Returns the id of the active organization. It does not prove that the user is still a
    /// member, see [`AuthSession::active_organization`](crate::AuthSession::active_organization).
    #[must_use]
    pub fn active_organization(&self) -> Option<&str> {
        self.session.active_organization()
    }

    /// Deserializes the remaining claims of the ID token, such as custom claims, into a type of the
    /// app.
    ///
    /// ```
    /// # use logto_axum::{SessionError, User};
    /// #[derive(serde::Deserialize)]
    /// struct Extra {
    ///     department: Option<String>,
    /// }
    ///
    /// # fn department(user: &User) -> Result<Option<String>, SessionError> {
    /// Ok(user.extra::<Extra>()?.department)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionError::UnexpectedClaims`] if the claims do not fit the type.
    pub fn extra<T: DeserializeOwned>(&self) -> Result<T, SessionError> {
        read(Value::Object(self.claims().extra.clone()))
    }
}

/// The error names the type only: the text of `serde_json` contains values.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, SessionError> {
    serde_json::from_value(value).map_err(|_| SessionError::UnexpectedClaims(type_name::<T>()))
}

fn contains(list: Option<&[String]>, wanted: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|entry| entry == wanted))
}

/// Shows the id only: claims are personal data.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id()).finish_non_exhaustive()
    }
}
