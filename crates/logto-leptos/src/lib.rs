//! Sign-in with [Logto](https://logto.io) for [Leptos](https://leptos.dev) apps on axum.
//!
//! An app adds this crate alone: with the feature `ssr` it re-exports all of `logto-axum`. The
//! tables name the counterpart of each function in Logto's SDK for Next.js.
//!
//! # On the server
//!
//! Server functions, resources and server components call:
//!
//! | function | Next.js SDK | saved to the session |
//! |---|---|---|
//! | [`logto_context`] | `getLogtoContext` | a renewed ID token, if the response head has not been sent |
//! | [`require`], [`require_user`], [`user`] | | a renewed ID token, like `logto_context` |
//! | [`access_token`], [`organization_token`], [`organization_tokens`] | `getAccessToken`, `getOrganizationToken` | a refreshed token, with this response or, while a page streams, with the next one |
//! | [`access_token_ssr`], [`organization_token_ssr`] | `getAccessTokenRSC`, `getOrganizationTokenRSC` | aliases of the functions above |
//! | [`clear_access_token`], [`clear_all_tokens`] | `clearAccessToken`, `clearAllTokens` | the session without these tokens |
//! | [`account()`] | | a refreshed token, like `access_token` |
//! | [`sign_in`], [`sign_out`] | `signIn`, `signOut` | |
//! | [`auth_session`] | | |
//!
//! They fail with an [`AuthError`], which a server function can return. The methods of
//! [`auth_session`] do the same and fail with the complete [`SessionError`].
//!
//! The server reads its settings with [`Logto::from_env`], and the router uses
//! [`RouterExt::with_logto`].
//!
//! # On pages
//!
//! | component or function | purpose |
//! |---|---|
//! | [`LogtoProvider`] | around the router: makes the session known to everything below |
//! | [`use_session`], [`use_user`], [`refetch`] | the session and the user as signals |
//! | [`SignIn`], [`SignOut`] | buttons that work without JavaScript |
//! | [`UserButton`] | the user's menu |
//! | [`OrganizationSwitcher`] | chooses the active organization |
//! | [`SignedIn`], [`SignedOut`] | content that depends on the session state |
//! | [`Protect`] | content or a page for users who meet a requirement |
//! | [`follow_redirects`] | lets actions sign in and out; apps in islands mode call it before `hydrate_islands` |
//!
//! They work in islands mode and with full hydration. The module [`browser`] has the types that may
//! reach the browser.
//!
//! # Features
//!
//! | feature | effect |
//! |---|---|
//! | `ssr` | for the server: the functions above and all of `logto-axum` |
//! | `hydrate` | for the browser: neither tokio nor axum nor any protocol code is compiled |
//! | `dev-provider` | a provider in the app's process, for development, see `dev_provider`; no effect without `ssr` |
//! | `metrics` | metrics through the facade `metrics`; no effect without `ssr` |
//! | `postgres` | sessions in PostgreSQL; no effect without `ssr` |
//! | `redis` | sessions in Redis or Valkey; no effect without `ssr` |
//! | `testing` | sessions without a provider, for tests of an app; no effect without `ssr` |
//!
//! An app enables them through its own features:
//!
//! ```toml
//! [features]
//! ssr = ["leptos/ssr", "logto-leptos/ssr", "logto-leptos/redis"]
//! hydrate = ["leptos/hydrate", "logto-leptos/hydrate"]
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod browser;
mod components;
#[cfg(feature = "ssr")]
mod content_security_policy;
mod error;
#[cfg(all(doc, feature = "ssr"))]
pub mod guide;
mod protect;
#[cfg(feature = "ssr")]
mod require;
#[cfg(feature = "ssr")]
mod router_ext;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod set_up;
mod snapshot;
#[cfg(feature = "ssr")]
mod static_pages;

#[cfg(not(feature = "ssr"))]
pub use browser::sign_in_options::{FirstScreen, Identifier, Prompt};
pub use components::{
    LogtoProvider, LogtoProviderProps, OrganizationSwitcher, OrganizationSwitcherProps, SessionWatch,
    SessionWatchProps, SignIn, SignInProps, SignOut, SignOutProps, SignedIn, SignedInProps, SignedOut, SignedOutProps,
    UserButton, UserButtonProps, follow_redirects, refetch, use_session, use_user,
};
#[cfg(feature = "ssr")]
pub use content_security_policy::send_content_security_policy;
pub use error::{AuthError, AuthErrorKind};
#[cfg(feature = "ssr")]
#[doc(inline)]
pub use logto_axum::*;
#[doc(inline)]
pub use logto_requirements::{
    Acr, LeftOutClaim, OrganizationRequirement, OrganizationView, Requirement, ScopeRequirement, UserView,
    active_organization, organization, role, scope, signed_in,
};
pub use protect::{Protect, ProtectProps};
#[cfg(feature = "ssr")]
pub use require::{require, require_user, user};
#[cfg(feature = "ssr")]
pub use router_ext::{LogtoOrTenants, RouterExt};
#[cfg(feature = "ssr")]
pub use server::{
    access_token, access_token_ssr, account, auth_session, clear_access_token, clear_all_tokens, logto_context,
    organization_token, organization_token_ssr, organization_tokens, server_functions, sign_in, sign_out,
};
#[cfg(feature = "ssr")]
pub use set_up::set_up_findings;
pub use snapshot::session_snapshot;
#[cfg(feature = "ssr")]
pub use static_pages::static_pages;

/// An optional style for the components, which have class names and no style of their own.
///
/// It is a constant and not a file to copy, so that it always matches the components. Write it into
/// the head of the page, or serve it from a route. An app with its own design writes rules for the
/// classes. The custom properties `--logto-accent`, `--logto-text`, `--logto-page`,
/// `--logto-border`, `--logto-hover` and `--logto-radius` change the colours and corners.
///
/// ```
/// use leptos::{nonce::use_nonce, prelude::*};
///
/// # fn shell() -> impl IntoView {
/// view! { <style nonce=use_nonce()>{logto_leptos::STYLESHEET}</style> }
/// # }
/// ```
pub const STYLESHEET: &str = include_str!("style.css");

/// No-op in the browser: the server sends the policy.
#[cfg(not(feature = "ssr"))]
pub fn send_content_security_policy(_: &leptos::config::LeptosOptions) {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
