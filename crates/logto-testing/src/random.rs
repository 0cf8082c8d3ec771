//! Random codes, tokens and identifiers.

use std::fmt::Write as _;

use aws_lc_rs::rand;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// 43 characters of base64url, the length of the opaque tokens of `oidc-provider`.
pub(crate) fn opaque() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// 16 characters, for `sid`, `jti` and `kid`.
pub(crate) fn id() -> String {
    opaque()[..16].to_owned()
}

/// A number, for an unused port.
pub(crate) fn number() -> u16 {
    u16::from_be_bytes(bytes())
}

/// Six digits, for a code in an email or a text message.
pub(crate) fn digits() -> String {
    format!("{:06}", u32::from_be_bytes(bytes()) % 1_000_000)
}

/// `N` bytes in hexadecimal digits.
pub(crate) fn hex<const N: usize>() -> String {
    bytes::<N>().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the random generator of the operating system works");
    bytes
}
