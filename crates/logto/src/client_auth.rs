//! Client authentication at the token and revocation endpoints (RFC 6749 §2.3.1).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use url::form_urlencoded;

use crate::secret::{ExposeSecret as _, SecretString};

/// The header of HTTP Basic authentication. Both parts are form-encoded first.
pub(crate) fn basic(app_id: &str, secret: &SecretString) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{}:{}", encode(app_id), encode(secret.expose_secret())))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_are_form_encoded_before_base64() {
        assert_eq!(
            basic("app", &"a:b c".into()),
            format!("Basic {}", BASE64_STANDARD.encode("app:a%3Ab+c"))
        );
    }
}
