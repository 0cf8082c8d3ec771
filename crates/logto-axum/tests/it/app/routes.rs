//! The routes of the app under test.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect},
    routing::{any, get, post},
};
use http::Method;
use logto::ExposeSecret;
use logto_axum::{
    AuthSession, Bearer, BearerError, ContextOptions, Diagnose as _, Logto, RequireUser, ServerFunctions, SessionError,
    SignInOptions, TokenTarget,
    account::{AccountCenter, AccountUpdate},
};
use logto_testing::DEFAULT_RESOURCE;
use tokio::sync::Notify;

/// Holds `/slow` after it has read the session, until the test opens the gate.
#[derive(Clone, Default)]
pub(crate) struct Gate {
    arrived: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    /// Waits until a request is held.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Lets the held request go on.
    pub(crate) fn open(&self) {
        self.open.notify_one();
    }
}

/// Every route shows what a handler sees of the session.
pub(super) fn router(logto: &Logto, gate: &Gate) -> Router {
    Router::new()
        .route("/", get(state))
        .route("/slow", get(slow))
        .route("/twice", get(twice))
        .route("/id-token", get(id_token))
        .route("/static", get(|| async { "a file" }))
        .route("/page", get(|| async { Html("<p>a page</p>") }))
        .route("/me", get(|user: RequireUser| async move { user.id().to_owned() }))
        .route("/claims", get(claims))
        .route("/account", get(account).post(rename))
        .route("/account-center", get(account_center))
        .route("/token", post(token))
        .route("/token-for", get(token_for))
        .route("/clear", post(clear))
        .route("/secret-of-token", get(secret_of_token))
        .route("/late-token", get(late_token))
        .route("/api", get(api))
        .route("/tokens", get(tokens))
        .route("/go", any(start_sign_in))
        .route("/fn/go", get(start_sign_in))
        .route("/welcome", any(start_sign_in))
        .route("/organizations", get(organizations))
        .route("/organization-tokens", get(organization_tokens))
        .route("/who", any(state))
        .route("/open/who", any(state))
        .route("/open/go", any(start_sign_in))
        .route("/fn/delete", get(|| async { "deleted" }))
        .route("/fn/search", get(|| async { "found" }))
        .route("/admin/fn/search", get(|| async { "found in secret" }))
        .route("/open/fn/who", get(state))
        .route(
            "/fn/save",
            post(|body: Body| async { to_bytes(body, usize::MAX).await.map_or("cut off", |_| "saved") }),
        )
        .nest(
            "/v1/fn",
            Router::new()
                .fallback(|body: Body| async { to_bytes(body, usize::MAX).await.map_or("cut off", |_| "nested") }),
        )
        .merge(logto.routes())
        .layer(logto.layer().with_server_functions(server_functions()))
        .layer(Extension(gate.clone()))
        .with_state(logto.clone())
}

fn server_functions() -> ServerFunctions {
    let registered = [
        ("/fn/delete", Method::GET),
        ("/fn/search", Method::GET),
        ("/fn/go", Method::GET),
        ("/admin/fn/search", Method::GET),
        ("/open/fn/who", Method::GET),
        ("/fn/save", Method::POST),
    ];
    ServerFunctions::new(registered)
        .allow_get("/fn/search")
        .with_body_limit(100)
}

/// Starts a sign-in as a handler of an app does, with the return path `to`.
async fn start_sign_in(
    session: AuthSession,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Redirect, SessionError> {
    let options = match query.get("to") {
        Some(path) => SignInOptions::new().with_post_redirect(path),
        None => SignInOptions::new(),
    };
    session
        .start_sign_in(options)
        .await
        .map(|url| Redirect::to(url.as_str()))
}

async fn account(session: AuthSession) -> Result<String, SessionError> {
    let account = session.account().await?.account().await?;
    Ok(account.name.unwrap_or_default())
}

async fn rename(session: AuthSession, Query(query): Query<BTreeMap<String, String>>) -> Result<String, SessionError> {
    let update = AccountUpdate::new().with_name(&query["name"]);
    let account = session.account().await?.update(&update).await?;
    Ok(account.name.unwrap_or_default())
}

async fn account_center(
    session: AuthSession,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<String, SessionError> {
    session.account_center_url(AccountCenter::password().with_redirect(&query["to"]))
}

async fn state(session: AuthSession) -> Result<&'static str, SessionError> {
    Ok(session.state().await?.as_str())
}

/// Two parts of a page read the session concurrently.
async fn twice(session: AuthSession) -> String {
    let part = async |session: AuthSession| {
        session
            .state()
            .await
            .map_or_else(|error| error.code(), |state| state.as_str())
    };
    let (one, other) = tokio::join!(part(session.clone()), part(session));
    format!("{one} {other}")
}

async fn slow(session: AuthSession, Extension(gate): Extension<Gate>) -> Result<&'static str, SessionError> {
    let state = session.state().await?;
    gate.arrived.notify_one();
    gate.open.notified().await;
    Ok(state.as_str())
}

async fn id_token(session: AuthSession) -> Result<String, SessionError> {
    let id_token = session.id_token().await?;
    Ok(id_token.map_or_else(|| "none".to_owned(), |token| token.claims().sub.clone()))
}

async fn claims(session: AuthSession) -> Result<String, SessionError> {
    let context = session.context(ContextOptions::default().with_user_info(true)).await?;
    let theme = context
        .user_info
        .and_then(|info| info.custom_data)
        .map(|data| data["theme"].to_string());
    Ok(format!("{} {}", context.state.as_str(), theme.unwrap_or_default()))
}

async fn token(session: AuthSession) -> impl IntoResponse {
    match session.access_token(TokenTarget::resource(DEFAULT_RESOURCE)).await {
        Ok(issued) => format!(
            "{} {}",
            issued.token.scopes.join(","),
            if issued.refreshed { "refreshed" } else { "kept" }
        ),
        Err(error) => error.code().to_owned(),
    }
}

async fn token_for(
    session: AuthSession,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<String, SessionError> {
    let mut target = query
        .get("resource")
        .map_or(TokenTarget::USER_INFO, TokenTarget::resource);
    if let Some(id) = query.get("organization") {
        target = target.in_organization(id);
    }
    let issued = if query.contains_key("fresh") {
        session.access_token(target.fresh()).await?
    } else {
        session.access_token(target).await?
    };
    let how = if issued.refreshed { "refreshed" } else { "kept" };
    Ok(format!("{} {how}", issued.token.scopes.join(",")))
}

async fn organizations(session: AuthSession) -> Result<String, SessionError> {
    Ok(session.organizations().await?.join(" "))
}

async fn organization_tokens(session: AuthSession) -> Result<String, SessionError> {
    let tokens = session.organization_tokens().await?;
    let ids: Vec<_> = tokens.into_iter().map(|token| token.organization_id).collect();
    Ok(ids.join(" "))
}

/// Removes the cached token of one organization, or all cached tokens.
async fn clear(session: AuthSession, Query(query): Query<BTreeMap<String, String>>) -> Result<(), SessionError> {
    match query.get("organization") {
        Some(id) => {
            let target = TokenTarget::resource(DEFAULT_RESOURCE).in_organization(id);
            session.clear_access_token(target).await
        }
        None => session.clear_all_tokens().await,
    }
}

/// The access token itself, which an app must not show.
async fn secret_of_token(session: AuthSession) -> Result<String, SessionError> {
    let issued = session.access_token(TokenTarget::resource(DEFAULT_RESOURCE)).await?;
    Ok(issued.token.secret.expose_secret().to_owned())
}

/// Requests tokens while the body streams, after the head was sent.
async fn late_token(session: AuthSession) -> Body {
    Body::from_stream(futures_util::stream::once(async move {
        let saved = session
            .access_token(TokenTarget::resource(DEFAULT_RESOURCE))
            .await
            .map_or_else(|error| error.code(), |_| "saved");
        let rendered = session
            .access_token_ssr(TokenTarget::resource(DEFAULT_RESOURCE))
            .await
            .map_or_else(|error| error.code(), |_| "rendered");
        Ok::<_, std::convert::Infallible>(format!("{saved} {rendered}"))
    }))
}

/// All tokens of the session, including one for an organization.
async fn tokens(session: AuthSession) -> Result<String, SessionError> {
    session.access_token(TokenTarget::organization("acme")).await?;
    let session = session.session().await?.ok_or(SessionError::NotSignedIn)?;
    let access = session.access_tokens().map(|(_, cached)| &cached.token.secret);
    let tokens = [session.id_token().raw()]
        .into_iter()
        .chain(session.refresh_token())
        .chain(access);
    Ok(tokens.map(ExposeSecret::expose_secret).collect::<Vec<_>>().join(" "))
}

async fn api(State(logto): State<Logto>, bearer: Bearer) -> Result<String, BearerError> {
    let rules = logto_axum::AccessTokenRules::resource(DEFAULT_RESOURCE).with_scope("read:products");
    Ok(logto.authorize(&bearer, &rules).await?.sub)
}
