//! Middleware that watches the token endpoint, one for each instance, and can make it slow.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use logto_testing::Endpoint;
use serde_json::Value;
use tokio::{sync::watch, time::sleep};

use super::ledger::{Ledger, Refusal};
use crate::{instance::Roster, journal::Journal, page::USERNAME};

/// How long a slow provider takes.
pub(crate) const SLOW: Duration = Duration::from_secs(6);

/// Observes the requests of one instance.
#[derive(Clone)]
pub(super) struct Observer {
    pub(super) instance: usize,
    pub(super) ledger: Arc<Ledger>,
    pub(super) journal: Arc<Journal>,
    pub(super) roster: Arc<Roster>,
    pub(super) is_slow: Arc<AtomicBool>,
    /// Changes whenever the answer to a rotation leaves.
    pub(super) rotations: watch::Sender<u64>,
}

pub(super) async fn observe(State(observer): State<Observer>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_token = path == Endpoint::Token.path();
    if !is_token && path != Endpoint::Revocation.path() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Response::default();
    };
    let request = Request::from_parts(parts, Body::from(body.clone()));
    // In a task, so that it ends even if the instance closes the connection.
    let handled = tokio::spawn(observer.clone().handle(is_token, body, request, next)).await;
    let Ok((response, rotated)) = handled else {
        return Response::default();
    };
    if is_token && observer.is_slow.load(Ordering::Relaxed) {
        sleep(SLOW).await;
    }
    if let Some(token) = rotated {
        observer.ledger.book().answer(&token, observer.journal.now());
        observer.rotations.send_modify(|count| *count += 1);
    }
    response
}

impl Observer {
    /// Lets the provider handle the request. Returns the token of a rotation too.
    async fn handle(self, is_token: bool, form: Bytes, request: Request, next: Next) -> (Response, Option<String>) {
        let field = |name: &str| {
            let mut fields = url::form_urlencoded::parse(&form);
            fields
                .find(|(field, _)| field == name)
                .map(|(_, value)| value.into_owned())
        };
        if !is_token {
            if let Some(token) = field("token") {
                self.ledger.book().revoke(&token);
            }
            return (next.run(request).await, None);
        }
        let presented = field("refresh_token");
        if let Some(token) = &presented {
            self.ledger.book().present(token);
        }
        let start = self.journal.now();
        let (parts, body) = next.run(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        let issued = json["refresh_token"].as_str();
        let rotated = match &presented {
            Some(presented) => self.refreshed(presented, issued, parts.status, start),
            None => self.signed_in(&json, issued),
        };
        (Response::from_parts(parts, Body::from(body)), rotated)
    }

    fn signed_in(&self, json: &Value, issued: Option<&str>) -> Option<String> {
        let visitor = visitor_of(json["id_token"].as_str()?)?;
        let holder = self.roster.current(self.instance);
        self.ledger.book().sign_in(issued?, visitor, holder, self.journal.now());
        None
    }

    fn refreshed(&self, presented: &str, issued: Option<&str>, status: StatusCode, start: Duration) -> Option<String> {
        let (now, holder) = (self.journal.now(), self.roster.current(self.instance));
        let slow = if self.is_slow.load(Ordering::Relaxed) {
            SLOW
        } else {
            Duration::ZERO
        };
        self.journal.refresh(now.saturating_sub(start) + slow);
        if let Some(issued) = issued.filter(|issued| *issued != presented) {
            let is_reuse = self.ledger.book().rotate(presented, issued, holder, now);
            self.journal.count(|counts| {
                counts.rotations += 1;
                counts.reuses_within_grace += u64::from(is_reuse);
            });
            return Some(issued.to_owned());
        }
        if status == StatusCode::BAD_REQUEST {
            let refusal = self.ledger.book().refuse(presented, holder, now);
            if refusal == Refusal::ReuseBeyondGrace {
                self.journal.count(|counts| counts.reuses_beyond_grace += 1);
            }
        }
        None
    }
}

/// The number of the visitor in the claim `sub`. The provider is our own: nothing is verified.
fn visitor_of(id_token: &str) -> Option<u32> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    claims["sub"].as_str()?.split(USERNAME).nth(1)?.parse().ok()
}
