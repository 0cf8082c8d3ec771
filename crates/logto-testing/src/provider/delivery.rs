//! The request of a webhook.

use std::{collections::BTreeMap, error::Error, time::Duration};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use url::Url;

use crate::webhook_format::{SIGNATURE, USER_AGENT, signature};

/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where a webhook is sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct WebhookConfig {
    pub(crate) url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) headers: Option<BTreeMap<String, String>>,
    /// Without effect, as at a Logto server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retries: Option<u8>,
}

/// Sends a body and returns the status of the response. Only to `http` URLs: the receiver is on this
/// machine.
pub(super) async fn deliver(config: &WebhookConfig, signing_key: &str, body: String) -> Result<StatusCode, String> {
    let response = tokio::time::timeout(TIMEOUT, send(config, signing_key, body)).await;
    let response = response.map_err(|_| "the receiver did not respond within ten seconds".to_owned())?;
    response.map_err(|error| error.to_string())
}

async fn send(
    config: &WebhookConfig,
    signing_key: &str,
    body: String,
) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
    let url = Url::parse(&config.url)?;
    let host = url.host_str().filter(|_| url.scheme() == "http");
    let host = host.ok_or("the URL of a webhook has to begin with http://")?;
    let port = url.port_or_known_default().unwrap_or(80);

    let mut request = Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, format!("{host}:{port}"))
        .header(header::CONTENT_TYPE, "application/json");
    let own = config.headers.iter().flatten();
    let sets_user_agent = own.clone().any(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
    if !sets_user_agent {
        request = request.header(header::USER_AGENT, USER_AGENT);
    }
    for (name, value) in own.filter(|(name, _)| !name.eq_ignore_ascii_case(SIGNATURE)) {
        request = request.header(name, value);
    }
    let request = request
        .header(SIGNATURE, signature(body.as_bytes(), signing_key))
        .body(Body::from(body))?;

    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let exchange = async {
        let response = sender.send_request(request).await?;
        Ok::<_, hyper::Error>(response.status())
    };
    tokio::select! {
        status = exchange => Ok(status?),
        Err(error) = connection => Err(error.into()),
    }
}
