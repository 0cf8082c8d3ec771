//! Sign-in with [Logto](https://logto.io) for [axum]: a layer that keeps the session in a sealed
//! cookie, the routes of the protocol, extractors.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use logto_axum::{AuthSession, Logto, LogtoConfig, WebConfig};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let logto = Logto::new(
//!     LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret"),
//!     WebConfig::new("http://localhost:3000", ["a secret of thirty-two bytes or more".into()]),
//! )?;
//! let app: Router = Router::new()
//!     .route("/", get(|session: AuthSession| async move { format!("{:?}", session.state().await) }))
//!     .merge(logto.routes())
//!     .layer(logto.layer());
//! # Ok(()) }
//! ```
//!
//! | module | subject |
//! |---|---|
//! | `logto` | the one object an app makes |
//! | `layer` | reads the session once per request, writes it once before the head goes out |
//! | `session`, `tokens`, `organizations` | what a request can ask and do: state, claims, tokens, sign in, sign out |
//! | `base_url`, `address`, `wildcard`, `sites` | where the app is reached, behind proxies too |
//! | `guard`, `csrf`, `server_functions` | what the layer refuses: requests from elsewhere, server functions by GET, bodies without end |
//! | `routes` | `POST /sign-in`, `GET /callback`, `POST /sign-out`: plain HTML forms, no JavaScript; `POST /backchannel-logout` for the provider |
//! | `set_up` | the self-check: what only shows when the app runs |
//! | `extract` | axum extractors |
//! | `caching`, `response_headers`, `csp` | what caches and browsers are told to be careful with |
//! | `static_pages`, `inline_digests` | the policy of pages that Leptos renders once for all users |
//! | `redirect` | redirects of server functions and pages, sent by the layer |
//! | `cookie`, `initiator`, `caller`, `return_to` | names and seals, what caused a request, the page it comes from, redirect targets |
//! | `advice`, `error`, `problem`, `large_claims` | what to tell people and programs |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
mod advice;
mod config;
mod cookie;
mod error;
mod extract;
mod guard;
mod headers;
mod layer;
mod logto;
mod pages;
mod return_to;
mod routes;
mod service;
mod session;
mod set_up;
mod sweep;

pub use ::logto::{
    AccessToken, AccessTokenClaims, AccessTokenRules, ConfigError, Diagnose, Diagnosis, DirectSignIn, Environment,
    ExposeSecret, Fault, FirstScreen, IdTokenClaims, Identifier, InvalidParameter, LogtoConfig, OAuthError, Prompt,
    ReservedResource, ReservedScope, SecretString, SignInOptions, Timestamp, TokenError, TokenRequest, TokenTarget,
    TrustedCertificates, UiLocale, UserInfo, UserScope, organization_id_of, organization_urn,
    session::{Lifetimes, SessionId, SessionState, SessionStore, store},
};
// Types in the signatures of the items above and below.
pub use ::logto::{
    AccessTokenError, Audience, Clock, ConfigProblem, DiscoveryError, HttpClient, HttpFuture, HttpLimits,
    InvalidCertificates, LogtoClient, NoHttpClient, NoRandomness, OrganizationData, ProfileClaims, Random,
    RequestError, ReqwestClient, SignInError, SystemClock, SystemRandom, UserInfoError, VerifiedIdToken,
    session::Session,
};

pub use self::{
    advice::{Advice, advice, try_again_in},
    config::{WebConfig, paths::Paths},
    error::{AuthError, BearerError, SetUpError},
    extract::{Bearer, SignedInUser},
    guard::server_functions::ServerFunctions,
    headers::csp::{ContentSecurityPolicy, CspDirective},
    layer::LogtoLayer,
    logto::Logto,
    return_to::ReturnTo,
    service::{LogtoService, ResponseFuture},
    session::AuthSession,
    session::context::{ContextOptions, LogtoContext},
    session::large_claims::LargeClaims,
    session::organizations::OrganizationToken,
    session::sign_out::SignOutOptions,
    session::tokens::IssuedToken,
    set_up::SetUpFinding,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
