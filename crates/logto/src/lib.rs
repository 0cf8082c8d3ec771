//! OpenID Connect sign-in with [Logto](https://logto.io), for servers.
//!
//! It implements discovery, sign-in, tokens, sessions, sign-out and the verification of bearer
//! tokens. It depends on no web framework and sets no cookies: `logto-axum` and `logto-leptos`
//! build on it.
//!
//! ```no_run
//! use logto::{CallbackRequest, Environment, LogtoClient, LogtoConfig, SignInOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
//! let environment = Environment::system(&config)?;
//! let client = LogtoClient::new(config, environment)?;
//!
//! let redirect_uri = "https://app.example.com/callback";
//! let start = client.start_sign_in(SignInOptions::new().with_redirect_uri(redirect_uri)).await?;
//! // Keep `start.transaction` sealed, and redirect the browser to `start.authorization_url`.
//!
//! # let query = "";
//! let request = CallbackRequest::parse(redirect_uri, query);
//! let signed_in = client.finish_sign_in(request, start.transaction).await?;
//! println!("{:?}", signed_in.id_token.claims().profile.display_name());
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `metrics` | no | metrics through the facade `metrics`, see [`telemetry`] |
//! | `redis` | no | [`session::store`] in Redis or Valkey |
//! | `postgres` | no | [`session::store`] in PostgreSQL |
//!
//! # Protocol steps
//!
//! Each step is one file:
//!
//! | step | module | specification |
//! |---|---|---|
//! | fetch the metadata and the keys | `discovery`, `metadata`, `jwks` | OIDC Discovery, RFC 7517 |
//! | verify signatures | `jwt`, `signature`, `signing_key` | RFC 7515, RFC 7518 |
//! | start a sign-in | `sign_in` | OIDC Core §3.1.2.1, RFC 7636, RFC 8707 |
//! | finish a sign-in | `callback`, `id_token` | OIDC Core §3.1.2.5, §3.1.3.7, RFC 9207 |
//! | get tokens for APIs and organizations | `token` | RFC 6749 §6 |
//! | get claims about the user | `user_info`, `claims` | OIDC Core §5 |
//! | read and change the user's account | [`account`] | |
//! | get tokens for programs, and exchange tokens | `grants` | RFC 6749 §4.4, RFC 8693 |
//! | manage users and organizations | [`management`] | |
//! | protect an API | `access_token` | RFC 9068, RFC 6750 |
//! | sign out | `sign_out` | RFC 7009, RP-Initiated Logout |
//! | verify logout tokens | `logout_token` | Back-Channel Logout |
//! | verify webhooks of Logto | `webhook` | RFC 2104 |
//! | store and refresh sessions | [`session`], [`seal`] | |
//!
//! The protocol code has no access to the clock or to randomness except through [`Environment`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_token;
pub mod account;
mod amr;
mod api_request;
mod cached;
mod callback;
mod claims;
mod client;
mod client_auth;
mod clock;
mod config;
mod discovery;
mod error;
mod grants;
mod http;
mod id_token;
mod jwks;
mod jwt;
mod logout_token;
pub mod management;
mod metadata;
mod prompt;
mod provider_address;
mod scope;
pub mod seal;
mod secret;
pub mod session;
mod sign_in;
mod sign_out;
mod signature;
mod signing_algorithm;
mod signing_key;
mod single_flight;
pub mod telemetry;
mod tls;
mod token;
mod user_info;
mod webhook;

pub use logto_requirements::{Acr, StepUp};

pub use self::{
    access_token::AccessTokenRules,
    account::{AccountClient, AccountError, AccountErrorKind},
    amr::Amr,
    callback::{CallbackRequest, FailedSignIn, SignedIn},
    claims::{AccessTokenClaims, Actor, Audience, IdTokenClaims, OrganizationData, ProfileClaims, UserInfo},
    client::{Environment, LogtoClient},
    clock::{Clock, Milliseconds, NoRandomness, Random, Sleep, SystemClock, SystemRandom, Timestamp},
    config::{CheckedConfig, LogtoConfig, is_loopback},
    error::{
        AccessTokenError, CallbackError, ConfigError, ConfigProblem, Diagnose, Diagnosis, DiscoveryError, Fault,
        GrantError, IdTokenError, LogoutTokenError, ManagementError, ManagementErrorKind, ManagementRefusal,
        OAuthError, RequestError, SignInError, SignOutError, TokenError, UserInfoError, WebhookError,
    },
    grants::{
        ActingTokens, ExchangedTokens, MachineClient, MachineTokenRequest, PersonalAccessTokens, SubjectTokenType,
        TokenExchange,
    },
    http::{HttpClient, HttpFuture, HttpLimits, NoHttpClient, ReqwestClient},
    id_token::VerifiedIdToken,
    logout_token::{LogoutTarget, LogoutToken, VerifiedLogoutToken},
    management::ManagementClient,
    metadata::ProviderMetadata,
    prompt::Prompt,
    scope::{ReservedResource, ReservedScope, UserScope, organization_id_of, organization_urn},
    secret::{ExposeSecret, SecretString},
    sign_in::{
        DirectSignIn, FirstScreen, Identifier, InvalidParameter, Registration, SignInOptions, SignInStart,
        SignInTransaction, UiLocale, is_reserved_parameter,
    },
    tls::{InvalidCertificates, TrustedCertificates},
    token::{AccessToken, TokenRequest, TokenSet, TokenTarget},
    webhook::{
        Interaction, LimitedGrants, MembershipUpdate, WebhookEvent, WebhookEventKind, WebhookSignature, WebhookVerifier,
    },
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
