//! Codes, tokens and identifiers that nobody can guess.

use aws_lc_rs::rand;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// 43 characters of base64url, as long as the opaque tokens of `oidc-provider`.
pub(crate) fn opaque() -> String {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the system has randomness");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// 16 characters, for `sid`, `jti` and `kid`.
pub(crate) fn id() -> String {
    opaque()[..16].to_owned()
}
