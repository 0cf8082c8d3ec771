//! The table of sign-in options by name. Forms, links and the authorization request use it.

use std::fmt::Display;

use super::options::{FirstScreen, Identifier, InvalidParameter, SignInOptions};
use crate::{prompt::Prompt, secret::ExposeSecret};

/// An option and its name, which is that of the protocol parameter if there is one.
struct Field {
    name: &'static str,
    /// Whether the value is sent to the provider unchanged. The transaction handles the others.
    is_sent: bool,
    /// Returns an empty text if the option is not set.
    write: fn(&SignInOptions) -> String,
    read: fn(&mut SignInOptions, &str) -> Result<(), InvalidParameter>,
}

const FIELDS: [Field; 11] = [
    Field {
        name: "return_to",
        is_sent: false,
        write: |options| options.post_redirect.clone().unwrap_or_default(),
        read: |options, text| set(&mut options.post_redirect, Ok(text.to_owned())),
    },
    Field {
        name: "first_screen",
        is_sent: true,
        write: |options| joined(options.first_screen.map(FirstScreen::as_str)),
        read: |options, text| set(&mut options.first_screen, text.parse()),
    },
    Field {
        name: "identifier",
        is_sent: true,
        write: |options| joined(options.identifiers.iter().copied().map(Identifier::as_str)),
        read: |options, text| set_list(&mut options.identifiers, text, str::parse),
    },
    Field {
        name: "login_hint",
        is_sent: true,
        write: |options| options.login_hint.clone().unwrap_or_default(),
        read: |options, text| set(&mut options.login_hint, Ok(text.to_owned())),
    },
    Field {
        name: "direct_sign_in",
        is_sent: true,
        write: |options| joined(&options.direct_sign_in),
        read: |options, text| set(&mut options.direct_sign_in, text.parse()),
    },
    Field {
        name: "organization_id",
        is_sent: true,
        write: |options| options.organization_id.clone().unwrap_or_default(),
        read: |options, text| set(&mut options.organization_id, Ok(text.to_owned())),
    },
    Field {
        name: "ui_locales",
        is_sent: true,
        write: |options| joined(&options.ui_locales),
        read: |options, text| set_list(&mut options.ui_locales, text, str::parse),
    },
    Field {
        name: "one_time_token",
        is_sent: true,
        write: |options| joined(options.one_time_token.as_ref().map(ExposeSecret::expose_secret)),
        read: |options, text| set(&mut options.one_time_token, Ok(text.into())),
    },
    Field {
        name: "acr_values",
        is_sent: true,
        write: |options| joined(&options.acr_values),
        read: |options, text| set_list(&mut options.acr_values, text, |class| Ok(class.into())),
    },
    Field {
        name: "max_age",
        is_sent: false,
        write: |options| joined(options.max_age),
        read: |options, text| {
            let seconds = text.parse().map_err(|_| InvalidParameter("max_age"));
            set(&mut options.max_age, seconds)
        },
    },
    Field {
        name: "prompt",
        is_sent: false,
        write: |options| joined(options.prompt.iter().flatten().map(|prompt| prompt.as_str())),
        read: |options, text| {
            let prompts = options.prompt.insert(Vec::new());
            set_list(prompts, text, |name| {
                Prompt::from_name(name).ok_or(InvalidParameter("prompt"))
            })?;
            let is_mixed = prompts.contains(&Prompt::None) && prompts.len() > 1;
            if is_mixed {
                Err(InvalidParameter("prompt"))
            } else {
                Ok(())
            }
        },
    },
];

impl SignInOptions {
    /// Reads options from the fields of a form or the query of a link. Empty and unknown fields are
    /// ignored.
    ///
    /// The redirect URI is not a field, because the server sets it. Only the extra parameters named
    /// in `extra` are read, so that a request cannot add arbitrary parameters to the authorization
    /// request.
    ///
    /// # Errors
    ///
    /// If a value is invalid, or a field is repeated.
    ///
    /// ```
    /// use logto::{FirstScreen, SignInOptions};
    ///
    /// let options = SignInOptions::from_fields([("first_screen", "register"), ("theme", "dark")], &[])?;
    /// assert_eq!(options.first_screen(), Some(FirstScreen::Register));
    /// assert_eq!(options.to_fields(), [("first_screen", "register".to_owned())]);
    /// # Ok::<(), logto::InvalidParameter>(())
    /// ```
    pub fn from_fields<N: AsRef<str>, V: AsRef<str>>(
        fields: impl IntoIterator<Item = (N, V)>,
        extra: &[String],
    ) -> Result<Self, InvalidParameter> {
        let mut options = Self::default();
        let mut seen = [false; FIELDS.len()];
        for (name, value) in fields {
            let (name, value) = (name.as_ref(), value.as_ref());
            if value.is_empty() {
                continue;
            }
            if let Some(index) = FIELDS.iter().position(|field| field.name == name) {
                let field = &FIELDS[index];
                if std::mem::replace(&mut seen[index], true) {
                    return Err(InvalidParameter(field.name));
                }
                (field.read)(&mut options, value)?;
            } else if extra.iter().any(|allowed| allowed == name) {
                options.extra.push((name.to_owned(), value.to_owned()));
            }
        }
        Ok(options)
    }

    /// Writes the options as fields of a form or the query of a link, without the redirect URI.
    ///
    /// The fields include the one-time token, so a page or link with them is as secret as the
    /// token.
    #[must_use]
    pub fn to_fields(&self) -> Vec<(&str, String)> {
        let own = FIELDS.iter().map(|field| (field.name, (field.write)(self)));
        self.non_empty(own)
    }

    /// The names of the fields that [`SignInOptions::from_fields`] reads, without extra parameters.
    pub fn field_names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|field| field.name)
    }

    /// The parameters that are sent to the provider unchanged.
    pub(super) fn parameters(&self) -> Vec<(&str, String)> {
        let own = FIELDS.iter().filter(|field| field.is_sent);
        self.non_empty(own.map(|field| (field.name, (field.write)(self))))
    }

    /// Adds the extra parameters and removes empty values, which Logto rejects.
    fn non_empty<'a>(&'a self, own: impl Iterator<Item = (&'a str, String)>) -> Vec<(&'a str, String)> {
        let extra = self.extra.iter().map(|(name, value)| (name.as_str(), value.clone()));
        own.chain(extra).filter(|(_, value)| !value.is_empty()).collect()
    }
}

fn set<T>(option: &mut Option<T>, value: Result<T, InvalidParameter>) -> Result<(), InvalidParameter> {
    *option = Some(value?);
    Ok(())
}

/// Parses a space-separated list.
fn set_list<T>(
    list: &mut Vec<T>,
    text: &str,
    read: impl Fn(&str) -> Result<T, InvalidParameter>,
) -> Result<(), InvalidParameter> {
    *list = text.split_ascii_whitespace().map(read).collect::<Result<_, _>>()?;
    Ok(())
}

fn joined<T: Display>(list: impl IntoIterator<Item = T>) -> String {
    let texts: Vec<_> = list.into_iter().map(|member| member.to_string()).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use logto_requirements::Acr;

    use super::*;
    use crate::sign_in::DirectSignIn;

    /// Does not use `..Default::default()`, so that a new option has to be added here.
    fn every_option() -> SignInOptions {
        SignInOptions {
            redirect_uri: Some("https://app.example/callback".into()),
            post_redirect: Some("/after?x=1&y=\"2\"".into()),
            first_screen: Some(FirstScreen::IdentifierRegister),
            identifiers: vec![Identifier::Email, Identifier::Phone, Identifier::Username],
            login_hint: Some("ada@example.com".into()),
            direct_sign_in: Some(DirectSignIn::sso("connector").unwrap()),
            organization_id: Some("acme".into()),
            ui_locales: vec!["de-CH".parse().unwrap(), "en".parse().unwrap()],
            one_time_token: Some("t0ken".into()),
            acr_values: vec![Acr::Mfa, "urn:b".into()],
            max_age: Some(120),
            prompt: Some(vec![Prompt::Login, Prompt::Consent]),
            silent: true,
            extra: vec![("theme".into(), "dark".into())],
        }
    }

    #[test]
    fn every_option_for_forms_survives_a_form() {
        let sent = every_option();
        let read = SignInOptions::from_fields(sent.to_fields(), &["theme".into()]).unwrap();
        let SignInOptions {
            redirect_uri,
            post_redirect,
            first_screen,
            identifiers,
            login_hint,
            direct_sign_in,
            organization_id,
            ui_locales,
            one_time_token,
            acr_values,
            max_age,
            prompt,
            silent,
            extra,
        } = read;
        assert_eq!(redirect_uri, None, "the server sets it");
        assert_eq!(post_redirect, sent.post_redirect);
        assert_eq!(first_screen, sent.first_screen);
        assert_eq!(identifiers, sent.identifiers);
        assert_eq!(login_hint, sent.login_hint);
        assert_eq!(direct_sign_in, sent.direct_sign_in);
        assert_eq!(organization_id, sent.organization_id);
        assert_eq!(ui_locales, sent.ui_locales);
        assert_eq!(one_time_token.unwrap().expose_secret(), "t0ken");
        assert_eq!(acr_values, sent.acr_values);
        assert_eq!(max_age, sent.max_age);
        assert_eq!(prompt, sent.prompt);
        assert!(!silent, "a link must not hide its failure");
        assert_eq!(extra, sent.extra);
    }

    #[test]
    fn extra_parameters_that_are_not_allowed_are_ignored() {
        let fields = [
            ("theme", "dark"),
            ("scope", "admin"),
            ("redirect_uri", "https://evil.example"),
        ];
        let options = SignInOptions::from_fields(fields, &[]).unwrap();
        assert!(options.extra.is_empty() && options.redirect_uri.is_none());
        let options = SignInOptions::from_fields(fields, &["theme".into()]).unwrap();
        assert_eq!(options.extra, [("theme".to_owned(), "dark".to_owned())]);
    }

    #[test]
    fn empty_fields_are_ignored_and_invalid_or_repeated_ones_rejected() {
        let empty = FIELDS.iter().map(|field| (field.name, ""));
        assert!(SignInOptions::from_fields(empty, &[]).unwrap().to_fields().is_empty());
        for (name, value) in [
            ("first_screen", "signin"),
            ("identifier", "email,phone"),
            ("direct_sign_in", "github"),
            ("ui_locales", "en_US"),
            ("max_age", "-1"),
            ("prompt", "maybe"),
            ("prompt", "none login"),
        ] {
            let error = SignInOptions::from_fields([(name, value)], &[]).unwrap_err();
            assert_eq!(error, InvalidParameter(name), "{value}");
        }
        let repeated = [("login_hint", "ada"), ("login_hint", "bob")];
        assert!(SignInOptions::from_fields(repeated, &[]).is_err());
    }
}
