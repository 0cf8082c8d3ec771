//! Shared by the targets: an app with an in-memory provider, a fixed clock and deterministic
//! randomness, so that findings are reproducible.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    routing::get,
};
use http::{HeaderValue, Request, Response, StatusCode, header};
use logto::{
    Clock, Environment, HttpClient, HttpFuture, LogtoClient, NoRandomness, Random,
    seal::{Purpose, SealContext, Sealer, Unsealed},
};
use logto_axum::{SessionError, AuthSession, Logto, LogtoConfig, WebConfig};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use url::Url;

pub const BASE: &str = "https://app.example";
/// The name of the session cookie.
pub const SESSION: &str = "__Host-logto_app";
const SECRET: &str = "a cookie secret for fuzzing alone";
const NEXT_JS_SECRET: &str = "a secret of the Next.js SDK's app";

/// The app: the routes of sign-in, and a route that returns the session's state.
pub struct App {
    pub client: LogtoClient,
    runtime: Runtime,
    router: Router,
    sealer: Sealer,
}

/// A sign-in that a browser has started.
pub struct PendingSignIn {
    pub state: String,
    /// The name of its cookie.
    pub cookie: String,
    pub sealed: String,
}

/// A response.
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub cookies: Vec<String>,
    pub body: String,
}

fn context(purpose: Purpose, name: &str) -> SealContext<'_> {
    SealContext {
        purpose,
        name,
        app_id: "app",
    }
}

impl App {
    pub fn start() -> Self {
        let config = LogtoConfig::new("https://provider.example", "app", "app secret");
        let web = WebConfig::new(BASE, [SECRET.into()])
            .with_error_path("/failed")
            .with_next_js_cookie_secret(NEXT_JS_SECRET);
        let environment = Environment::new(Arc::new(FixedClock), Arc::new(Counter::default()), Arc::new(Provider));
        let logto = Logto::with_environment(config, web, environment).expect("a valid configuration");
        Self {
            client: logto.client().clone(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            router: Router::new()
                .route("/", get(state))
                .merge(logto.routes())
                .layer(logto.layer())
                .with_state(logto),
            sealer: Sealer::new(&[SECRET.into()]).expect("a secret that is long enough"),
        }
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Opens a page with these cookies, like a browser.
    pub fn open(&self, path: &str, cookies: HeaderValue) -> Answer {
        let request = Request::get(path)
            .header("sec-fetch-dest", "document")
            .header(header::COOKIE, cookies)
            .body(Body::empty());
        self.send(request.expect("a path that was parsed before"))
    }

    /// Seals a payload with the app's secret.
    pub fn sealed(&self, purpose: Purpose, name: &str, payload: &[u8]) -> String {
        let now = self.client.now();
        let sealed = self
            .sealer
            .seal(context(purpose, name), payload, now, now.plus(1), self.client.random());
        sealed.expect("randomness")
    }

    /// The payload after it was sealed and opened.
    pub fn unsealed(&self, purpose: Purpose, name: &str, payload: &[u8]) -> Unsealed {
        let sealed = self.sealed(purpose, name, payload);
        let opened = self.sealer.open(context(purpose, name), sealed, self.client.now());
        opened.expect("what was just sealed opens")
    }

    /// Submits the sign-in form.
    pub fn begin_sign_in(&self) -> PendingSignIn {
        let request = Request::post("/sign-in")
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("return_to=/orders"));
        let answer = self.send(request.expect("a valid request"));
        let location = answer.location.expect("a redirect to the provider");
        let location = Url::parse(&location).expect("an address");
        let state = location.query_pairs().find(|(name, _)| name == "state");
        let cookie = answer.cookies.first().expect("the transaction's cookie");
        let (cookie, rest) = cookie.split_once('=').expect("a cookie with a value");
        PendingSignIn {
            state: state.expect("a state").1.into_owned(),
            cookie: cookie.to_owned(),
            sealed: rest.split(';').next().unwrap_or_default().to_owned(),
        }
    }

    fn send(&self, request: Request<Body>) -> Answer {
        self.block_on(async {
            let response = self.router.clone().oneshot(request).await;
            Answer::read(response.unwrap_or_else(|never| match never {})).await
        })
    }
}

impl Answer {
    async fn read(response: Response<Body>) -> Self {
        let text = |value: &HeaderValue| value.to_str().expect("a header of plain text").to_owned();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await;
        Self {
            status: head.status,
            location: head.headers.get(header::LOCATION).map(text),
            cookies: head.headers.get_all(header::SET_COOKIE).iter().map(text).collect(),
            body: String::from_utf8(body.expect("a body").to_vec()).expect("a body of text"),
        }
    }

    /// Whether the response removes this cookie.
    pub fn removes(&self, name: &str) -> bool {
        let removal = format!("{name}=; ");
        self.cookies
            .iter()
            .any(|cookie| cookie.starts_with(&removal) && cookie.contains("Max-Age=0"))
    }

    /// Whether the response redirects to the error page with a code and a return path.
    pub fn is_failure(&self) -> bool {
        let code = self
            .location
            .as_deref()
            .and_then(|location| location.strip_prefix("https://app.example/failed?code="));
        self.status == StatusCode::SEE_OTHER
            && code.is_some_and(|rest| {
                let (code, path) = rest.split_once("&return_to=").unwrap_or((rest, "%2F"));
                let is_code = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                is_code && path.starts_with("%2F") && !path.starts_with("%2F%2F")
            })
    }
}

async fn state(session: AuthSession) -> Result<&'static str, SessionError> {
    Ok(session.state().await?.as_str())
}

struct FixedClock;

impl Clock for FixedClock {
    fn since_epoch(&self) -> Duration {
        Duration::from_secs(1_800_000_000)
    }
}

#[derive(Default)]
struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, number) in bytes.iter_mut().zip(count.iter().cycle()) {
            *byte = *number;
        }
        Ok(())
    }
}

/// A provider with metadata and a key that rejects every token request.
struct Provider;

impl HttpClient for Provider {
    fn send(&self, request: Request<Vec<u8>>) -> HttpFuture<'_> {
        let (status, body) = match request.uri().path() {
            "/oidc/.well-known/openid-configuration" => (StatusCode::OK, METADATA),
            "/oidc/jwks" => (StatusCode::OK, KEYS),
            _ => (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#),
        };
        let mut response = Response::new(body.as_bytes().to_vec());
        *response.status_mut() = status;
        Box::pin(async { Ok(response) })
    }
}

const METADATA: &str = r#"{
    "issuer": "https://provider.example/oidc",
    "authorization_endpoint": "https://provider.example/oidc/auth",
    "token_endpoint": "https://provider.example/oidc/token",
    "userinfo_endpoint": "https://provider.example/oidc/me",
    "jwks_uri": "https://provider.example/oidc/jwks",
    "end_session_endpoint": "https://provider.example/oidc/session/end",
    "id_token_signing_alg_values_supported": ["ES384", "RS256"],
    "authorization_response_iss_parameter_supported": true
}"#;

/// The generator of P-384, which is a valid public key. Nothing is signed with it.
const KEYS: &str = r#"{"keys": [{
    "kty": "EC", "crv": "P-384", "alg": "ES384", "use": "sig", "kid": "key",
    "x": "qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3",
    "y": "NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f"
}]}"#;
