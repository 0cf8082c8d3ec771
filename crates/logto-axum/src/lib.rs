//! Sign-in with [Logto](https://logto.io) for [axum]: a layer that keeps the session in a sealed
//! cookie, the protocol routes, and extractors.
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
//! # Features
//!
//! | feature | default | effect |
//! |---|---|---|
//! | `dev-provider` | no | [`dev_provider`]: a provider in the app's process, for development |
//! | `redis` | no | `store::RedisStore`: sessions in Redis or Valkey |
//! | `metrics` | no | metrics through the facade `metrics`, see [`telemetry`] |
//! | `postgres` | no | `store::PostgresStore`: sessions in PostgreSQL |
//! | `testing` | no | `testing`: sessions without a provider, for tests of an app |
//!
//! # Source code
//!
//! | module | subject |
//! |---|---|
//! | `logto` | the shared state of an application |
//! | `config` | settings, and their checks at start |
//! | `layer`, `service` | loads the session of a request, and completes its response |
//! | `address` | base URLs, wildcards and proxies: the address that a request came to |
//! | `cookie` | names, attributes and seals; the parser of the `Cookie` header |
//! | `session` | state, claims, tokens, sign-in and sign-out of a request |
//! | `guard` | rejects cross-site requests, server function calls by GET, and bodies that are too large |
//! | `headers` | caching, content security policy and other security headers |
//! | `pages` | the HTML pages of this crate |
//! | `routes` | the protocol routes: HTML forms and redirects, and back-channel logout |
//! | `user` | the signed-in user, and the view of them that reaches the browser |
//! | `require` | requirements: roles, scopes, organizations, recent sign-in |
//! | `extract` | extractors |
//! | `step_up` | the sign-in that gives a proof, and the challenge of an API that demands one |
//! | `hooks` | functions of the app that run when a session begins or ends |
//! | `webhook` | webhooks of Logto: settings, extractor, and the built-in reaction |
//! | `end_sessions` | ending sessions from code of the app |
//! | `set_up` | the self-check |
//! | `tenants` | several tenants in one app |
//! | `sweep` | removal of expired sessions |
//! | `return_to` | redirect targets |
//! | `texts` | texts for visitors, in their language |
//! | `testing` | sessions for tests of an app |
//! | `advice`, `error` | errors for programs, and advice for users |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod address;
mod advice;
mod config;
mod cookie;
#[cfg(feature = "dev-provider")]
pub mod dev_provider;
mod end_sessions;
mod error;
mod extract;
mod guard;
mod headers;
mod health;
mod hooks;
mod layer;
mod logto;
mod management_client;
mod observe;
mod pages;
mod require;
mod return_to;
mod routes;
mod service;
mod session;
mod set_up;
mod stderr;
mod step_up;
mod sweep;
mod tenants;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod texts;
mod to_the_end;
mod token_verifier;
mod user;
mod webhook;

pub use ::logto::telemetry;

pub use ::logto::account::{self, AccountClient, AccountError, AccountErrorKind};
pub use ::logto::{
    AccessToken, AccessTokenClaims, AccessTokenRules, Amr, ConfigError, Diagnose, Diagnosis, DirectSignIn, Environment,
    ExposeSecret, Fault, FirstScreen, IdTokenClaims, Identifier, InvalidParameter, LogtoConfig, OAuthError, Prompt,
    ReservedResource, ReservedScope, SecretString, SignInOptions, Timestamp, TokenError, TokenRequest, TokenTarget,
    TrustedCertificates, UiLocale, UserInfo, UserScope, WebhookEvent, WebhookEventKind, organization_id_of,
    organization_urn,
    session::{ActingAs, AppData, AppDataError, Lifetimes, SessionId, SessionState, store},
};
// Types in the signatures of the items above and below.
pub use ::logto::{
    AccessTokenError, Audience, Clock, ConfigProblem, DiscoveryError, HttpClient, HttpFuture, HttpLimits,
    InvalidCertificates, LogtoClient, NoHttpClient, NoRandomness, OrganizationData, ProfileClaims, Random,
    RequestError, ReqwestClient, SignInError, SystemClock, SystemRandom, UserInfoError, VerifiedIdToken,
    session::Session,
};

// Types of the methods of `LogtoClient`, which `Logto::client` returns.
pub use ::logto::{
    CheckedConfig, LogoutTarget, LogoutTokenError, ProviderMetadata, Registration, SignInStart, SignOutError, Sleep,
    TokenSet, VerifiedLogoutToken,
};

// Tokens of programs, and the Management API.
pub use ::logto::{
    Actor, ExchangedTokens, GrantError, MachineClient, MachineTokenRequest, ManagementClient, ManagementError,
    ManagementErrorKind, ManagementRefusal, PersonalAccessTokens, SubjectTokenType, TokenExchange, management,
};

// Types of webhooks.
pub use ::logto::{Interaction, LimitedGrants, MembershipUpdate, WebhookError, WebhookSignature, WebhookVerifier};

// Types of `Requirement::evaluate`.
pub use logto_requirements::{Acr, StepUp};
pub use logto_requirements::{Decision, Fact, Facts, ScopeTarget, Undecided};
pub use logto_requirements::{
    LeftOutClaim, OrganizationRequirement, OrganizationView, Requirement, ScopeRequirement, UserView,
    active_organization, organization, role, scope, signed_in,
};

pub use self::{
    advice::{Advice, advice, try_again_in},
    config::{WebConfig, paths::Paths, security_headers::SecurityHeaders},
    error::{BearerError, RequirementProblem, SessionError, SetUpError},
    extract::Bearer,
    guard::server_functions::ServerFunctions,
    headers::csp::{ContentSecurityPolicy, CspDirective},
    health::readiness::Readiness,
    hooks::{
        HookError,
        refusal::SignInRefusal,
        session_end::{SessionEndEvent, SessionEndReason},
        sign_in::{SignInApproval, SignInEvent},
        sign_out::SignOutEvent,
    },
    layer::LogtoLayer,
    logto::Logto,
    require::{
        extract::RequireUser,
        layer::RequireLayer,
        rejection::RequirementRejection,
        token::{RequireTokenLayer, TokenClaims},
    },
    return_to::ReturnTo,
    service::{LogtoService, ResponseFuture},
    session::{
        AuthSession,
        context::{ContextOptions, LogtoContext},
        large_claims::LargeClaims,
        organizations::OrganizationToken,
        sign_out::SignOutOptions,
        tokens::IssuedToken,
    },
    set_up::{AddressPurpose, AddressToRegister, SetUpFinding},
    step_up::step_up_challenge,
    tenants::{
        Tenants,
        layer::{TenantLayer, TenantService},
    },
    texts::Texts,
    token_verifier::TokenVerifier,
    user::User,
    webhook::{
        config::{MembershipReaction, WebhookConfig},
        extract::Webhook,
        rejection::WebhookRejection,
    },
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
