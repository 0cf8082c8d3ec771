//! The options of one sign-in. Logto silently drops all of its parameters if one value is invalid,
//! so these types accept valid values only.

mod direct_sign_in;
mod first_screen;
mod identifier;
mod invalid_parameter;
mod ui_locale;

use logto_requirements::Acr;

pub use self::{
    direct_sign_in::DirectSignIn, first_screen::FirstScreen, identifier::Identifier,
    invalid_parameter::InvalidParameter, ui_locale::UiLocale,
};
use crate::{prompt::Prompt, secret::SecretString};

/// The options of one sign-in, in addition to the configuration.
///
/// Build them in Rust, or read them from the fields of a form or a link
/// ([`SignInOptions::from_fields`]).
///
/// ```
/// use logto::{FirstScreen, SignInOptions};
///
/// let options = SignInOptions::new()
///     .with_first_screen(FirstScreen::Register)
///     .with_login_hint("ada@example.com");
/// assert_eq!(options.first_screen(), Some(FirstScreen::Register));
/// ```
#[derive(Clone, Debug, Default)]
pub struct SignInOptions {
    pub(super) redirect_uri: Option<String>,
    pub(super) post_redirect: Option<String>,
    pub(super) first_screen: Option<FirstScreen>,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) login_hint: Option<String>,
    pub(super) direct_sign_in: Option<DirectSignIn>,
    pub(super) organization_id: Option<String>,
    pub(super) ui_locales: Vec<UiLocale>,
    pub(super) one_time_token: Option<SecretString>,
    pub(super) acr_values: Vec<Acr>,
    /// In seconds.
    pub(super) max_age: Option<u64>,
    pub(super) prompt: Option<Vec<Prompt>>,
    pub(super) silent: bool,
    pub(super) extra: Vec<(String, String)>,
}

impl SignInOptions {
    /// Creates options that ask for nothing beyond the configuration.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates options for a silent sign-in: the provider must not show a page (`prompt=none`, OIDC
    /// Core §3.1.2.1). It signs the user in if they are signed in there and have used the app
    /// before.
    ///
    /// Otherwise the user stays signed out. The transaction says that the sign-in was silent
    /// ([`SignInTransaction::is_silent`](super::SignInTransaction::is_silent)), so that the callback
    /// can lead back to the page instead of showing an error.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            prompt: Some(vec![Prompt::None]),
            silent: true,
            ..Self::default()
        }
    }

    /// Sets the redirect URI, to which the provider sends the user back.
    ///
    /// It has to be registered in the Logto console, which compares it character by character.
    #[doc(alias = "redirectUri")]
    #[must_use]
    pub fn with_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Sets the page to open after the callback. The transaction keeps it.
    ///
    /// In a form: `return_to`.
    #[doc(alias = "postRedirectUri")]
    #[must_use]
    pub fn with_post_redirect(mut self, path: impl Into<String>) -> Self {
        self.post_redirect = Some(path.into());
        self
    }

    /// Removes the page to open after the callback.
    #[must_use]
    pub fn without_post_redirect(mut self) -> Self {
        self.post_redirect = None;
        self
    }

    /// Sets the page that the provider shows first.
    #[doc(alias = "firstScreen")]
    #[must_use]
    pub fn with_first_screen(mut self, screen: FirstScreen) -> Self {
        self.first_screen = Some(screen);
        self
    }

    /// Sets the identifiers that the user may sign in with, for [`FirstScreen::IdentifierSignIn`]
    /// and [`FirstScreen::IdentifierRegister`].
    ///
    /// In a form: `identifier`, separated by spaces.
    #[doc(alias = "identifiers")]
    #[must_use]
    pub fn with_identifiers(mut self, identifiers: impl IntoIterator<Item = Identifier>) -> Self {
        self.identifiers = identifiers.into_iter().collect();
        self
    }

    /// Sets the identifier to fill in (OIDC Core §3.1.2.1).
    #[doc(alias = "loginHint")]
    #[must_use]
    pub fn with_login_hint(mut self, hint: impl Into<String>) -> Self {
        self.login_hint = Some(hint.into());
        self
    }

    /// Sets the connector to go to directly.
    #[doc(alias = "directSignIn")]
    #[must_use]
    pub fn with_direct_sign_in(mut self, connector: DirectSignIn) -> Self {
        self.direct_sign_in = Some(connector);
        self
    }

    /// Sets the organization whose branding the page shows.
    #[must_use]
    pub fn with_organization_id(mut self, id: impl Into<String>) -> Self {
        self.organization_id = Some(id.into());
        self
    }

    /// Sets the languages of the provider's pages, in order of preference.
    #[must_use]
    pub fn with_ui_locales(mut self, locales: impl IntoIterator<Item = UiLocale>) -> Self {
        self.ui_locales = locales.into_iter().collect();
        self
    }

    /// Sets the one-time token of a magic link. Anyone who has it can sign in with it.
    #[must_use]
    pub fn with_one_time_token(mut self, token: impl Into<SecretString>) -> Self {
        self.one_time_token = Some(token.into());
        self
    }

    /// Demands an authentication context class, one of these in order of preference (OIDC Core
    /// §3.1.2.1). The callback verifies that the authentication has reached one of them.
    ///
    /// Logto 1.46 asks the user for the missing proof. An older server ignores the demand, so that
    /// the sign-in fails at the callback.
    #[must_use]
    pub fn with_acr_values(mut self, classes: impl IntoIterator<Item = Acr>) -> Self {
        self.acr_values = classes.into_iter().collect();
        self
    }

    /// Sets the maximum time since the user last entered credentials, in **seconds** (OIDC Core
    /// §3.1.2.1). The callback verifies it.
    #[must_use]
    pub fn with_max_age(mut self, seconds: u64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Sets `prompt` for this sign-in, in place of the configured one.
    ///
    /// Without [`Prompt::Consent`] Logto issues no refresh token, unless the application's settings
    /// say "always". With [`Prompt::Login`] the user has to enter credentials: `max_age` is sent as
    /// well, and the callback verifies the authentication time, within `clock_tolerance`.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl IntoIterator<Item = Prompt>) -> Self {
        self.prompt = Some(prompt.into_iter().collect());
        self
    }

    /// Adds a parameter to the authorization request.
    ///
    /// Starting a sign-in fails if the parameter belongs to the protocol
    /// ([`is_reserved_parameter`](crate::is_reserved_parameter)).
    #[doc(alias = "extraParams")]
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// The redirect URI.
    #[must_use]
    pub fn redirect_uri(&self) -> Option<&str> {
        self.redirect_uri.as_deref()
    }

    /// The page to open after the callback.
    #[must_use]
    pub fn post_redirect(&self) -> Option<&str> {
        self.post_redirect.as_deref()
    }

    /// The languages of the provider's pages.
    #[must_use]
    pub fn ui_locales(&self) -> &[UiLocale] {
        &self.ui_locales
    }

    /// The page that the provider shows first.
    #[must_use]
    pub fn first_screen(&self) -> Option<FirstScreen> {
        self.first_screen
    }
}
