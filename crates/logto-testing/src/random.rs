//! Random codes, tokens and identifiers.

use aws_lc_rs::rand;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// 43 characters of base64url, the length of the opaque tokens of `oidc-provider`.
pub(crate) fn opaque() -> String {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the random generator of the operating system works");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// 16 characters, for `sid`, `jti` and `kid`.
pub(crate) fn id() -> String {
    opaque()[..16].to_owned()
}

/// A number, for an unused port.
pub(crate) fn number() -> u16 {
    let mut bytes = [0; 2];
    rand::fill(&mut bytes).expect("the random generator of the operating system works");
    u16::from_be_bytes(bytes)
}
