//! The parameter `ui_locales`.

use std::{fmt, str::FromStr};

use super::invalid_parameter::InvalidParameter;

/// A language of the provider's pages (BCP 47), for example `de-CH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UiLocale(String);

impl FromStr for UiLocale {
    type Err = InvalidParameter;

    fn from_str(text: &str) -> Result<Self, InvalidParameter> {
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if text.split('-').all(subtag) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidParameter("ui_locales"))
        }
    }
}

impl fmt::Display for UiLocale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_a_language_tag() {
        assert!("zh-Hant-TW".parse::<UiLocale>().is_ok());
        for bad in ["", "en US", "en-", "en_US", "languages1"] {
            assert!(bad.parse::<UiLocale>().is_err(), "{bad}");
        }
    }
}
