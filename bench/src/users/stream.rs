//! The streaming page, whose token comes from a slow provider.

use std::time::Instant;

use serde::Serialize;

use super::{Failure, app::App, client::unexpected, provider::SLOW};

/// Milliseconds from the request to the first byte of the page and to its last one.
#[derive(Serialize)]
pub(super) struct Stream {
    first_byte_ms: f64,
    whole_page_ms: f64,
}

/// Opens the streaming page with a new session, which has no token.
pub(super) async fn open(app: &App) -> Result<Stream, Failure> {
    let session = app.sign_in().await?;
    app.provider.set_slow(true);
    let start = Instant::now();
    let mut response = app.client.open("/streaming", &session).await?;
    if !response.status().is_success() {
        return Err(unexpected("/streaming", response).await);
    }
    let mut page = Vec::new();
    let mut first_byte = None;
    while let Some(chunk) = response.chunk().await? {
        first_byte.get_or_insert_with(|| start.elapsed());
        page.extend(chunk);
    }
    let whole_page = start.elapsed();
    app.provider.set_slow(false);
    let first_byte = first_byte.ok_or("/streaming is empty")?;
    if !String::from_utf8_lossy(&page).contains(TOKEN) {
        return Err("/streaming has no token".into());
    }
    if first_byte >= SLOW || whole_page < SLOW {
        return Err(format!("/streaming begins after {first_byte:?} and ends after {whole_page:?}").into());
    }
    Ok(Stream {
        first_byte_ms: first_byte.as_secs_f64() * 1e3,
        whole_page_ms: whole_page.as_secs_f64() * 1e3,
    })
}

/// The card of a token, in both apps.
const TOKEN: &str = "<article class=\"token\">";
