//! The values of sign-in options, for builds without `ssr`. With `ssr` the types of `logto-axum`
//! have their names, so that an app writes the same in both builds.

#![cfg_attr(
    feature = "ssr",
    allow(dead_code, unreachable_pub, reason = "only their test uses them")
)]

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $value:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The parameter value.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)+
                }
            }

            #[cfg(all(test, feature = "ssr"))]
            const VALUES: &'static [&'static str] = &[$($value),+];
        }
    };
}

values! {
    /// The first page of a sign-in (Logto's `first_screen`).
    FirstScreen {
        /// Sign in.
        SignIn "sign_in",
        /// Create an account.
        Register "register",
        /// Reset the password.
        ResetPassword "reset_password",
        /// Sign in with one of the `identifiers`.
        IdentifierSignIn "identifier:sign_in",
        /// Create an account with one of the `identifiers`.
        IdentifierRegister "identifier:register",
        /// Enterprise single sign-on.
        SingleSignOn "single_sign_on",
    }
}

values! {
    /// An identifier that a user may sign in with (Logto's `identifier`).
    Identifier {
        /// Email address.
        Email "email",
        /// Phone number.
        Phone "phone",
        /// Username.
        Username "username",
    }
}

values! {
    /// A value of `prompt` (OIDC Core §3.1.2.1): the interaction that the app requires of the
    /// provider.
    Prompt {
        /// Shows no page, and returns an error if one would be needed.
        None "none",
        /// Asks for credentials, even if the user is already signed in.
        Login "login",
        /// Asks for consent. Logto shows no page for first-party apps, but issues a refresh token.
        Consent "consent",
        /// Asks which account to use.
        SelectAccount "select_account",
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_the_server() {
        for value in FirstScreen::VALUES {
            assert_eq!(value.parse::<crate::FirstScreen>().unwrap().as_str(), *value);
        }
        for value in Identifier::VALUES {
            assert_eq!(value.parse::<crate::Identifier>().unwrap().as_str(), *value);
        }
        for value in Prompt::VALUES {
            assert_eq!(crate::Prompt::from_name(value).unwrap().as_str(), *value);
        }
    }
}
