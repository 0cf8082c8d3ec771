//! The texts of the components.

use serde::{Deserialize, Serialize};

macro_rules! component_texts {
    ($($(#[$doc:meta])* $field:ident $key:literal,)+) => {
        /// The texts of the components, in the visitor's language. `Texts` replaces them.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        #[non_exhaustive]
        pub struct ComponentTexts {
            /// The language, such as `de`.
            pub language: String,
            $($(#[$doc])* pub $field: String,)+
        }

        #[cfg(any(test, not(feature = "ssr")))]
        impl ComponentTexts {
            /// Takes the texts from this source by their names.
            pub(crate) fn read(text: &dyn Fn(&str) -> Option<String>) -> Self {
                Self {
                    language: text("language").unwrap_or_default(),
                    $($field: text(stringify!($field)).unwrap_or_default(),)+
                }
            }
        }

        #[cfg(feature = "ssr")]
        impl ComponentTexts {
            /// Takes the texts from this source by their keys.
            pub(crate) fn new(language: &str, text: impl Fn(&str) -> Option<String>) -> Self {
                Self {
                    language: language.to_owned(),
                    $($field: text($key).unwrap_or_default(),)+
                }
            }
        }
    };
}

component_texts! {
    /// The label of [`SignIn`](crate::SignIn) without children.
    sign_in "sign-in",
    /// The label of [`SignOut`](crate::SignOut) without children.
    sign_out "sign-out",
    /// The name of the menu of [`UserButton`](crate::UserButton).
    account_menu "account-menu",
    /// The link to the account page.
    manage_account "manage-account",
    /// The heading of [`OrganizationSwitcher`](crate::OrganizationSwitcher).
    organizations "organizations",
    /// The choice of no organization.
    personal_account "personal-account",
    /// The message of an [`AuthError`](crate::AuthError) of a visitor.
    error_not_signed_in "error-not-signed-in",
    /// The message of an [`AuthError`](crate::AuthError) after the end of a sign-in.
    error_sign_in_needed "error-sign-in-needed",
    /// The message of an [`AuthError`](crate::AuthError) that needs a recent sign-in.
    error_step_up_needed "error-step-up-needed",
    /// The message of an [`AuthError`](crate::AuthError) without permission.
    error_forbidden "error-forbidden",
    /// The message of an [`AuthError`](crate::AuthError) of a user who has lost access to the app.
    error_access_denied "error-access-denied",
    /// The message of a transient [`AuthError`](crate::AuthError).
    error_unavailable "error-unavailable",
    /// The message of any other [`AuthError`](crate::AuthError).
    error_internal "error-internal",
    /// The message of [`SignedOut`](crate::SignedOut) for a user who has lost access to the app.
    no_access "app-access-denied",
}
