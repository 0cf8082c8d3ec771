//! Signs a user in at a provider in memory, through the app's own routes.

use std::sync::Arc;

use axum::{Router, routing::get};
use logto::{ExposeSecret as _, HttpClient, ReservedResource, TokenTarget, UserScope, seal::Sealer};
use logto_requirements::Acr;
use logto_testing::{
    Browser, BrowserCookie, Lifetimes, NewSession, Organization, SessionMint, TestClock, TestProvider, User,
};

use super::http::InMemory;
use crate::{error::SessionError, logto::Logto, session::AuthSession};

/// The page that the sign-in returns to. It completes the session.
const COMPLETE: &str = "/complete-minted-session";

/// Tokens are valid for this long after the session, in seconds, so that none expires before it.
const MARGIN: u64 = 3600;

/// Limit of the lifetimes of tokens, in seconds, against an overflow: 100 years.
const MAX_LIFETIME: u64 = 100 * 365 * 24 * 60 * 60;

/// With the feature `testing`.
impl SessionMint for Logto {
    fn base_url(&self) -> String {
        self.shared.sites.first().address.absolute("/")
    }

    fn now(&self) -> u64 {
        self.client().now().as_secs()
    }

    async fn mint_session(&self, session: NewSession) -> Vec<BrowserCookie> {
        let targets = targets(self, &session.user);
        let name = session.user.username.clone();
        let max_age = session.authentication_age.map(|age| age.to_string());
        let class = session.second_factor.then(|| Acr::Mfa.to_string());
        let provider = provider(self, session);
        let app = self.with_http(Arc::new(InMemory(provider.router())));
        // These routes are for one sign-in: nothing has to be checked.
        app.shared.findings.note_check();
        let address = &self.shared.sites.first().address;
        let complete = get(move |session: AuthSession| complete(session, targets));
        let routes = app.routes().route(COMPLETE, complete).layer(app.layer());
        let browser = Browser::of(below(path_of(&self.base_url()), routes))
            .at(&self.base_url())
            .with_clock(TestClock::at(self.now()))
            .with_site(
                provider.public_endpoint(),
                below(path_of(provider.public_endpoint()), provider.router()),
            );
        let sign_in = address.absolute(&self.shared.web.paths().sign_in);
        let fields = [("return_to", COMPLETE)].into_iter();
        let fields = fields.chain(max_age.as_deref().map(|age| ("max_age", age)));
        let fields = fields.chain(class.as_deref().map(|class| ("acr_values", class)));
        let page = browser.post_form(&sign_in, fields).await;
        assert!(
            page.status().is_success() && page.path().ends_with(COMPLETE),
            "the app has not signed in {name}: {} at {}: {}",
            page.status(),
            page.url(),
            page.text()
        );
        browser.cookies()
    }
}

impl Logto {
    /// The same app with the same sessions, whose requests to the provider go through `http`.
    fn with_http(&self, http: Arc<dyn HttpClient>) -> Self {
        let mut web = self.shared.web.config.clone();
        if web.store.is_none() {
            web.deny_list = Some(Arc::clone(&self.shared.sweeper.store));
        }
        web.sweep_interval = std::time::Duration::ZERO;
        let sealer = Sealer::new(&web.cookie_secrets);
        match (web.check(), sealer) {
            (Ok(web), Ok(sealer)) => Self::assemble(self.client().with_http(http), web, sealer),
            _ => unreachable!("the configuration has passed these checks before"),
        }
    }
}

/// Creates a provider in memory with the app's endpoint, client and resources, and a signed-in
/// user.
fn provider(logto: &Logto, session: NewSession) -> TestProvider {
    let mut user = session.user;
    let (now, age) = (logto.now(), session.authentication_age.unwrap_or_default());
    let config = logto.client().config();
    let lifetime = logto.lifetimes().absolute().saturating_add(MARGIN).min(MAX_LIFETIME);
    let lifetimes = Lifetimes::default().with_id_token(lifetime).with_access_token(lifetime);
    let address = &logto.shared.sites.first().address;
    let mut builder = TestProvider::builder()
        .redirect_uri(&address.absolute(&logto.shared.web.paths().callback))
        .lifetimes(lifetimes)
        .clock(TestClock::at(now.saturating_sub(age)))
        .always_issue_refresh_token();
    builder = match config.app_secret() {
        Some(secret) => builder.client(config.app_id(), secret.expose_secret()),
        None => builder.client(config.app_id(), "").public_client(),
    };
    builder = resources(logto).fold(builder, |builder, resource| builder.resource(resource));
    if session.second_factor {
        user.second_factor = true;
        builder = builder.step_up();
    }
    for membership in &user.memberships {
        let id = &membership.organization_id;
        builder = builder.organization(Organization::new(id, id));
    }
    let issuer = config.issuer();
    builder
        .user(user)
        .in_memory(issuer.strip_suffix("/oidc").unwrap_or(issuer))
}

/// The API resources of the app.
fn resources(logto: &Logto) -> impl Iterator<Item = &String> {
    let all = logto.client().config().resources().iter();
    all.filter(|resource| *resource != ReservedResource::Organization.as_str())
}

/// The targets of the tokens that the app can request for `user`, besides userinfo.
fn targets(logto: &Logto, user: &User) -> Vec<TokenTarget> {
    let mut targets: Vec<_> = resources(logto).map(TokenTarget::resource).collect();
    let scopes = logto.client().config().scopes();
    if scopes.iter().any(|scope| scope == UserScope::Organizations.as_str()) {
        for membership in &user.memberships {
            let organization = TokenTarget::organization(&membership.organization_id);
            targets.extend(resources(logto).map(|resource| {
                let mut target = organization.clone();
                target.resource = Some(resource.clone());
                target
            }));
            targets.push(organization);
        }
    }
    targets
}

/// Fetches the access tokens, and removes the refresh token, which no provider would accept later.
async fn complete(session: AuthSession, targets: Vec<TokenTarget>) -> Result<&'static str, SessionError> {
    for target in targets {
        session.access_token(target).await?;
    }
    let current = session.session().await?.ok_or(SessionError::NotSignedIn)?;
    let completed = current.without_refresh_token();
    if let Some(stored) = &session.shared().stored {
        let _ = stored.save(&completed, Some(current.version())).await?;
    }
    session.replace(Some(completed));
    Ok("signed in")
}

/// Nests routes below the path of a base URL.
fn below(path: &str, routes: Router) -> Router {
    match path.trim_end_matches('/') {
        "" => routes,
        path => Router::new().nest(path, routes),
    }
}

fn path_of(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    authority.find('/').map_or("", |start| &authority[start..])
}
