//! The pages of Logto's account center (since 1.37).

use url::Url;

use crate::{
    client::LogtoClient,
    sign_in::{InvalidParameter, UiLocale},
};

/// A page of Logto's account center, where users change what an app does not want to handle itself,
/// such as passwords. Since Logto 1.37; an older server shows a page "not found".
///
/// The user has to be signed in at Logto, or signs in there. The tenant has to switch the account
/// center on, see [`account`](crate::account).
///
/// ```
/// use logto::account::AccountCenter;
/// # let config = logto::LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
/// # let client = logto::LogtoClient::new(config.clone(), logto::Environment::system(&config)?)?;
///
/// let page = AccountCenter::password().with_redirect("https://app.example.com/account").with_show_success();
/// assert_eq!(
///     client.account_center_url(&page)?.as_str(),
///     "https://tenant.logto.app/account/password\
///      ?redirect=https%3A%2F%2Fapp.example.com%2Faccount&show_success=true"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCenter {
    path: Vec<String>,
    /// Whether the page is a single task, after which it goes back.
    is_task: bool,
    redirect: Option<String>,
    show_success: bool,
    identifier: Option<String>,
    ui_locales: Vec<UiLocale>,
}

macro_rules! pages {
    ($is_task:literal: $($(#[$meta:meta])* $name:ident = $($path:literal)/+,)+) => {
        impl AccountCenter {
            $(
                $(#[$meta])*
                #[must_use]
                pub fn $name() -> Self {
                    Self::of(&[$($path),+], $is_task)
                }
            )+
        }
    };
}

pages! { false:
    /// The overview of password, factors and connected accounts.
    security = "security",
    /// The user's sessions.
    sessions = "sessions",
    /// The profile.
    profile = "profile",
}

pages! { true:
    /// Changes the email address.
    email = "email",
    /// Changes the phone number.
    phone = "phone",
    /// Changes the username.
    username = "username",
    /// Changes the password.
    password = "password",
    /// Adds an authenticator app.
    authenticator_app = "authenticator-app",
    /// Replaces the authenticator app.
    replace_authenticator_app = "authenticator-app"/"replace",
    /// Generates backup codes.
    generate_backup_codes = "backup-codes"/"generate",
    /// Generates backup codes that replace the earlier ones.
    regenerate_backup_codes = "backup-codes"/"regenerate",
    /// Shows the backup codes.
    manage_backup_codes = "backup-codes"/"manage",
    /// Adds a passkey.
    add_passkey = "passkey"/"add",
    /// Shows the passkeys.
    manage_passkeys = "passkey"/"manage",
}

impl AccountCenter {
    fn of(path: &[&str], is_task: bool) -> Self {
        Self {
            path: path.iter().map(|&part| part.to_owned()).collect(),
            is_task,
            redirect: None,
            show_success: false,
            identifier: None,
            ui_locales: Vec::new(),
        }
    }

    /// Links an account of a social connector, by the connector's id.
    #[must_use]
    pub fn social(connector_id: &str) -> Self {
        Self::of(&["social", connector_id], true)
    }

    /// Replaces the linked account of a social connector.
    #[must_use]
    pub fn change_social(connector_id: &str) -> Self {
        Self::of(&["social", connector_id, "change"], true)
    }

    /// Unlinks the account of a social connector.
    #[must_use]
    pub fn remove_social(connector_id: &str) -> Self {
        Self::of(&["social", connector_id, "remove"], true)
    }

    /// Sets where the page leads when the task is done: an absolute http(s) URL. The overviews
    /// [`security`](Self::security), [`sessions`](Self::sessions) and [`profile`](Self::profile)
    /// ignore it.
    #[must_use]
    pub fn with_redirect(mut self, url: impl Into<String>) -> Self {
        self.redirect = Some(url.into());
        self
    }

    /// Shows that the task is done before the page goes back.
    #[must_use]
    pub fn with_show_success(mut self) -> Self {
        self.show_success = true;
        self
    }

    /// Fills the field for the email address, the phone number or the username.
    #[must_use]
    pub fn with_identifier(mut self, identifier: impl Into<String>) -> Self {
        self.identifier = Some(identifier.into());
        self
    }

    /// Sets the languages of the page, the best one first.
    #[must_use]
    pub fn with_ui_locales(mut self, locales: impl IntoIterator<Item = UiLocale>) -> Self {
        self.ui_locales = locales.into_iter().collect();
        self
    }

    /// The URL that the page leads to when the task is done.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        self.redirect.as_deref()
    }
}

impl LogtoClient {
    /// Returns the URL of a page of the account center, for a link.
    ///
    /// # Errors
    ///
    /// If the redirect is not an absolute http(s) URL, or the connector's id is empty or not plain.
    pub fn account_center_url(&self, page: &AccountCenter) -> Result<Url, InvalidParameter> {
        let mut url = self.config().provider().account_center();
        for part in &page.path {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            if part.is_empty() || !part.bytes().all(is_plain) {
                return Err(InvalidParameter("connector_id"));
            }
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(&page.path);
        }
        let redirect = page.redirect.as_deref().filter(|_| page.is_task);
        if let Some(redirect) = redirect {
            let target = Url::parse(redirect)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"));
            target.ok_or(InvalidParameter("redirect"))?;
            url.query_pairs_mut().append_pair("redirect", redirect);
        }
        if page.show_success {
            url.query_pairs_mut().append_pair("show_success", "true");
        }
        if let Some(identifier) = &page.identifier {
            url.query_pairs_mut().append_pair("identifier", identifier);
        }
        if !page.ui_locales.is_empty() {
            let locales: Vec<_> = page.ui_locales.iter().map(UiLocale::to_string).collect();
            url.query_pairs_mut().append_pair("ui_locales", &locales.join(" "));
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client::Environment, config::LogtoConfig};

    fn url(page: &AccountCenter) -> Result<String, InvalidParameter> {
        let config = LogtoConfig::new("https://example.com/id", "app", "secret")
            .with_internal_endpoint("https://logto.internal");
        let environment = Environment::system(&config).unwrap();
        let client = LogtoClient::new(config, environment).unwrap();
        client.account_center_url(page).map(String::from)
    }

    #[test]
    fn a_page_has_the_address_that_browsers_use() {
        for (page, path) in [
            (AccountCenter::security(), "security"),
            (AccountCenter::replace_authenticator_app(), "authenticator-app/replace"),
            (AccountCenter::regenerate_backup_codes(), "backup-codes/regenerate"),
            (AccountCenter::manage_passkeys(), "passkey/manage"),
            (AccountCenter::change_social("c1"), "social/c1/change"),
        ] {
            assert_eq!(url(&page).unwrap(), format!("https://example.com/id/account/{path}"));
        }
    }

    #[test]
    fn the_options_are_parameters() {
        let page = AccountCenter::email()
            .with_redirect("https://app.example.com/a?b=c")
            .with_show_success()
            .with_identifier("ada+1@example.com")
            .with_ui_locales(["fr-CH".parse().unwrap(), "en".parse().unwrap()]);
        assert_eq!(
            url(&page).unwrap(),
            "https://example.com/id/account/email?redirect=https%3A%2F%2Fapp.example.com%2Fa%3Fb%3Dc\
             &show_success=true&identifier=ada%2B1%40example.com&ui_locales=fr-CH+en"
        );
    }

    #[test]
    fn an_overview_has_no_way_back() {
        let page = AccountCenter::sessions().with_redirect("https://app.example.com");
        assert_eq!(url(&page).unwrap(), "https://example.com/id/account/sessions");
    }

    #[test]
    fn a_bad_redirect_or_connector_is_rejected() {
        for redirect in ["/account", "javascript:alert(1)", "app:home", "", "//evil.example"] {
            let page = AccountCenter::password().with_redirect(redirect);
            assert_eq!(url(&page), Err(InvalidParameter("redirect")), "{redirect}");
        }
        for id in ["", "..", "a/b", "a?b", "ü"] {
            assert_eq!(
                url(&AccountCenter::social(id)),
                Err(InvalidParameter("connector_id")),
                "{id}"
            );
        }
    }
}
