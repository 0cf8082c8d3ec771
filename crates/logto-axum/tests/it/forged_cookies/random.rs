//! Random cookies.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use proptest::{collection::vec, prelude::*};

use super::fixture::Fixture;

/// A random value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Bytes that a header may contain.
    Bytes(Vec<u8>),
    /// Base64url.
    Text(Noise),
    /// Base64url that begins like what the app seals with its own secret.
    Sealed(Noise),
    /// The format of the Next.js SDK.
    NextJs(Noise),
    /// Random text before `~`, where the number of parts is expected.
    Part(String, Noise),
}

/// Random bytes from a seed, which is faster than a strategy for each byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    seed: u64,
    length: usize,
}

/// The values of some cookies.
pub(super) fn values() -> impl Strategy<Value = Vec<Value>> {
    // No percent sign: cookies that do not decode are ignored, see
    // `an_invalid_session_cookie_means_signed_out_and_is_removed`.
    let in_a_header = |byte: &u8| !matches!(byte, b';' | b'%' | 0..=0x1f | 0x7f);
    let count = prop_oneof![(0..12_u8).prop_map(|count| count.to_string()), "[ -$&-:<-}]{0,4}"];
    let value = prop_oneof![
        vec(any::<u8>().prop_filter("not in a header", in_a_header), 0..64).prop_map(Value::Bytes),
        noise().prop_map(Value::Text),
        noise().prop_map(Value::Sealed),
        noise().prop_map(Value::NextJs),
        (count, noise()).prop_map(|(count, noise)| Value::Part(count, noise)),
    ];
    vec(value, 1..4)
}

fn noise() -> impl Strategy<Value = Noise> {
    let length = prop_oneof![0..100_usize, 0..3000_usize];
    (any::<u64>(), length).prop_map(|(seed, length)| Noise { seed, length })
}

impl Noise {
    fn bytes(self) -> Vec<u8> {
        let mut state = self.seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_be_bytes()[0]
        };
        (0..self.length).map(|_| next()).collect()
    }

    fn text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bytes())
    }
}

impl Value {
    pub(super) fn bytes(&self, fixture: &Fixture) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Text(noise) => noise.text().into_bytes(),
            Self::Sealed(noise) => {
                // The first five bytes are the version and the key ID.
                let head = BASE64_URL_SAFE_NO_PAD.decode(&fixture.genuine[0].parts[0]).unwrap();
                let sealed = [&head[..5], &noise.bytes()].concat();
                BASE64_URL_SAFE_NO_PAD.encode(sealed).into_bytes()
            }
            Self::NextJs(noise) => {
                let bytes = BASE64_STANDARD.encode(noise.bytes());
                format!("{bytes}.AAAAAAAAAAAAAAAA").into_bytes()
            }
            Self::Part(count, noise) => format!("{count}~{}", noise.text()).into_bytes(),
        }
    }
}
