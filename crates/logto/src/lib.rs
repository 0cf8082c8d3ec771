//! OpenID Connect sign-in with [Logto](https://logto.io), for servers.
//!
//! One protocol step, one file:
//!
//! | step | module | specification |
//! |---|---|---|
//! | find the provider and its keys | `discovery`, `metadata`, `jwks` | OIDC Discovery, RFC 7517 |
//! | verify what the provider signed | `jwt`, `signature`, `signing_key` | RFC 7515, RFC 7518 |
//! | send the user there | `sign_in` | OIDC Core §3.1.2.1, RFC 7636, RFC 8707 |
//! | take the user back | `callback`, `id_token` | OIDC Core §3.1.2.5, §3.1.3.7, RFC 9207 |
//! | tokens for APIs and organizations | `token` | RFC 6749 §6 |
//! | claims about the user | `user_info`, `claims` | OIDC Core §5 |
//! | protect an API | `access_token` | RFC 9068, RFC 6750 |
//! | sign out | `sign_out` | RFC 7009, RP-Initiated Logout |
//! | be told of a sign-out | `logout_token` | Back-Channel Logout |
//! | keep the user signed in | [`session`], [`seal`] | |
//!
//! This crate knows no web framework and sets no cookie; `logto-axum` and `logto-leptos` do. It
//! reads no environment variable, clock or randomness by itself: they come in with [`Environment`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_token;
mod cached;
mod callback;
mod claims;
mod client;
mod clock;
mod config;
mod discovery;
mod error;
mod http;
mod id_token;
mod jwks;
mod jwt;
mod logout_token;
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
mod tls;
mod token;
mod user_info;

pub use self::{
    access_token::AccessTokenRules,
    callback::{CallbackRequest, FailedSignIn, SignedIn},
    claims::{AccessTokenClaims, Audience, IdTokenClaims, OrganizationData, ProfileClaims, UserInfo},
    client::{Environment, LogtoClient},
    clock::{Clock, Milliseconds, NoRandomness, Random, Sleep, SystemClock, SystemRandom, Timestamp},
    config::{CheckedConfig, LogtoConfig, is_loopback},
    error::{
        AccessTokenError, CallbackError, ConfigError, ConfigProblem, Diagnose, Diagnosis, DiscoveryError, Fault,
        IdTokenError, LogoutTokenError, OAuthError, RequestError, SignInError, SignOutError, TokenError, UserInfoError,
    },
    http::{HttpClient, HttpFuture, HttpLimits, NoHttpClient, ReqwestClient},
    id_token::VerifiedIdToken,
    logout_token::{LogoutTarget, LogoutToken, VerifiedLogoutToken},
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
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
