//! Servers to compare the app with (the app with other stores, the app without sign-in, and a bare
//! axum server), and users who sign in at apps.

// The type of a view nests as deeply as its elements.
#![recursion_limit = "512"]

mod users;

use std::{cell::OnceCell, env, error::Error, fs};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};
use logto_leptos::{
    AuthSession, Logto,
    store::{MemoryStore, RedisStore},
};
use quick_start::{
    server::{self, Settings},
    state::AppState,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

/// As long as the policy of the app.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; style-src 'self' \
    'unsafe-inline' https://fonts.example.com; img-src 'self' data: https:; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; frame-ancestors 'none'";

const USAGE: &str = "usage: bench memory | redis | no-auth | ceiling FILE | proxy ADDRESS SERVER… | users PLAN";

/// The same allocator as in the app.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    server::start_logging();
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["proxy", address, servers @ ..] => return proxy(address, servers).await,
        ["users", plan] => return users::measure(plan).await.map_err(|error| -> Box<dyn Error> { error }),
        _ => {}
    }
    let mut settings = Settings::load()?;
    let (address, drain_limit) = (settings.leptos.site_addr, settings.drain_limit);
    let router = match arguments.as_slice() {
        ["memory"] => {
            settings.web = settings.web.with_store(MemoryStore::default());
            with_sign_in(settings)?
        }
        ["redis"] => {
            let store = RedisStore::new(&env::var("REDIS_URL")?, "bench")?;
            settings.web = settings.web.with_store(store);
            with_sign_in(settings)?
        }
        ["no-auth"] => without_sign_in(settings)?,
        ["ceiling", file] => fixed(&fs::read(file)?),
        _ => return Err(USAGE.into()),
    };
    server::serve(address, router, async {}, drain_limit).await?;
    Ok(())
}

fn with_sign_in(settings: Settings) -> Result<Router, Box<dyn Error>> {
    let logto = Logto::new(settings.logto.clone(), settings.web.clone())?;
    Ok(server::router(settings, &logto)?)
}

thread_local! {
    /// One per thread, because requests of a server without sign-in share no data either.
    static SESSION: OnceCell<AuthSession> = const { OnceCell::new() };
}

/// The app's pages with a fixed session. The first session that a thread sees is used for all its
/// later requests, so that no code of the sign-in runs.
fn without_sign_in(settings: Settings) -> Result<Router, Box<dyn Error>> {
    async fn with_fixed_session(State(app): State<SignInApp>, mut request: Request, next: Next) -> Response {
        let Some(session) = SESSION.with(|session| session.get().cloned()) else {
            return app.answer(request).await;
        };
        request.extensions_mut().insert(session);
        let mut answer = next.run(request).await;
        // An app without sign-in would send a policy too.
        let policy = HeaderValue::from_static(POLICY);
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        answer
    }

    async fn remember(session: AuthSession, request: Request, next: Next) -> Response {
        let answer = next.run(request).await;
        if matches!(session.id_token().await, Ok(Some(_))) {
            let _ = SESSION.with(|cell| cell.set(session));
        }
        answer
    }

    let logto = Logto::new(settings.logto.clone(), settings.web.clone())?;
    let state = AppState::new(settings, logto.clone())?;
    let whole = server::routes(&state)
        .merge(logto.routes())
        .layer(middleware::from_fn(remember))
        .layer(logto.layer())
        .with_state(state.clone());
    let bare = server::routes(&state).with_state(state);
    let bare = server::with_common_layers(bare);
    Ok(bare.layer(middleware::from_fn_with_state(SignInApp(whole), with_fixed_session)))
}

/// The app with sign-in, which answers until a user has signed in.
#[derive(Clone)]
struct SignInApp(Router);

impl SignInApp {
    async fn answer(self, request: Request) -> Response {
        use tower::ServiceExt as _;

        self.0.oneshot(request).await.into_response()
    }
}

/// Forwards connections to the servers in turn.
async fn proxy(address: &str, servers: &[&str]) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address).await?;
    for server in servers.iter().cycle() {
        let (mut client, _) = listener.accept().await?;
        let mut server = TcpStream::connect(server).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
    }
    Err(USAGE.into())
}

/// Answers every request with the same page.
fn fixed(body: &[u8]) -> Router {
    let body = axum::body::Bytes::copy_from_slice(body);
    let answer = move || async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body) };
    Router::new().route("/", get(answer))
}
