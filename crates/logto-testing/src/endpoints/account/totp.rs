//! Time-based one-time passwords (RFC 6238): six digits, 30 seconds, SHA-1.

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;

use crate::random;

const STEP: u64 = 30;
/// The fewest bytes of a secret.
const MIN_SECRET: usize = 10;

/// A secret of 80 bits, in Base32.
pub(super) fn generate() -> String {
    BASE32_NOPAD.encode(&random::bytes::<MIN_SECRET>())
}

/// The bytes of a secret.
pub(super) fn decode(secret: &str) -> Option<Vec<u8>> {
    let decoded = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    (decoded.len() >= MIN_SECRET).then_some(decoded)
}

/// Whether a code is the one of this time, or of the step before or after it.
pub(super) fn is_code(secret: &[u8], code: &str, now: u64) -> bool {
    let step = now / STEP;
    (step.saturating_sub(1)..=step + 1).any(|step| code_of(secret, step) == code)
}

fn code_of(secret: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let digest = hmac::sign(&key, &step.to_be_bytes());
    let digest = digest.as_ref();
    let offset = usize::from(digest[19] & 15);
    let number = digest[offset..offset + 4]
        .iter()
        .fold(0_u32, |number, &byte| (number << 8) | u32::from(byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = decode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_of(&secret, seconds / STEP), code);
        }
        let accepted = [1_111_111_049, 1_111_111_050, 1_111_111_139, 1_111_111_140];
        assert_eq!(
            accepted.map(|now| is_code(&secret, "081804", now)),
            [false, true, true, false]
        );
    }

    #[test]
    fn a_generated_secret_can_be_decoded_and_other_texts_cannot() {
        assert_eq!(decode(&generate()).unwrap().len(), MIN_SECRET);
        for text in ["", "not base 32", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
