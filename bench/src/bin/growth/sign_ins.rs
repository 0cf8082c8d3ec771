//! The cost of a sign-in. Verifying the P-384 signature of the ID token dominates: two libraries
//! are compared.

use std::str::FromStr as _;

use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto_testing::TestProvider;
use openidconnect::{
    ClientId, IssuerUrl, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

use crate::{Outcome, each};

const RUNS: usize = 500;

pub(crate) async fn measure() -> Outcome {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let token = provider.id_token("ada", None, &["openid", "profile"]);
    let jwks = provider.jwks();
    println!("| library | one verification | sign-ins per second of one core, at most |\n|---|---:|---:|");
    let with_p384 = each(RUNS, async |_| by_p384(&provider, &token, &jwks)).await?;
    row("p384 (by openidconnect)", with_p384);
    let with_aws_lc = each(RUNS, async |_| by_aws_lc(&token, &jwks)).await?;
    row("aws-lc-rs", with_aws_lc);
    Ok(())
}

fn row(library: &str, micros: f64) {
    println!("| {library} | {micros:.0} µs | {:.0} |", 1e6 / micros);
}

fn by_p384(provider: &TestProvider, token: &str, jwks: &Value) -> Outcome {
    let keys: CoreJsonWebKeySet = serde_json::from_value(jwks.clone())?;
    let time = i64::try_from(provider.clock().now())?;
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(provider.app_id().to_owned()),
        IssuerUrl::new(provider.issuer())?,
        keys,
    )
    .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP384Sha384])
    .set_time_fn(move || chrono::DateTime::from_timestamp(time, 0).unwrap_or_default());
    CoreIdToken::from_str(token)?.claims(&verifier, |_: Option<&Nonce>| Ok(()))?;
    Ok(())
}

fn by_aws_lc(token: &str, jwks: &Value) -> Outcome {
    let key = &jwks["keys"][0];
    // An uncompressed point: the byte 4, then x and y.
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        point.extend(BASE64_URL_SAFE_NO_PAD.decode(key[coordinate].as_str().ok_or("no key")?)?);
    }
    let (message, signature) = token.rsplit_once('.').ok_or("no token")?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature)?;
    let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point);
    Ok(key.verify(message.as_bytes(), &signature)?)
}
