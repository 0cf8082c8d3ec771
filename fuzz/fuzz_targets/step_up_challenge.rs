//! The challenge of an API: whatever it demands can be sent to the provider.
#![no_main]

use http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use logto_axum::{SessionError, step_up_challenge};

fuzz_target!(|header: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(header) else { return };
    let headers = HeaderMap::from_iter([(header::WWW_AUTHENTICATE, value)]);
    let Some(proof) = step_up_challenge(&headers) else { return };
    if let Some(acr) = &proof.acr {
        assert!(!acr.as_str().is_empty() && acr.as_str().len() <= 255);
        assert!(!acr.as_str().contains(char::is_whitespace));
    }
    let options = SessionError::from(proof.clone()).sign_in_options().expect("a step-up");
    let fields = options.to_fields();
    let field = |name| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str());
    assert_eq!(field("acr_values"), proof.acr.as_ref().map(|acr| acr.as_str()));
    let max_age = proof.max_age.map(|age| age.as_secs().to_string());
    assert_eq!(field("max_age"), max_age.as_deref());
});
