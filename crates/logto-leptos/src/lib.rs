//! Sign-in with [Logto](https://logto.io) for [Leptos](https://leptos.dev): who is signed in,
//! tokens, components.
//!
//! In the server (feature `ssr`), inside server functions, resources and server components:
//!
//! | Next.js SDK | here | what is saved |
//! |---|---|---|
//! | `getLogtoContext` | [`logto_context`] | a renewed ID token, if the head has not gone out |
//! | `getAccessToken`, `getOrganizationToken` | [`access_token`], [`organization_token`], [`organization_tokens`] | a refreshed token, always |
//! | `getAccessTokenRSC`, `getOrganizationTokenRSC` | [`access_token_ssr`], [`organization_token_ssr`] | a refreshed token, if the head has not gone out; else with the next response |
//! | `clearAccessToken`, `clearAllTokens` | [`clear_access_token`], [`clear_all_tokens`] | the session without these tokens |
//! | `signIn`, `signOut` | [`sign_in`], [`sign_out`], or the forms [`SignIn`] and [`SignOut`] | |
//! | | [`send_content_security_policy`] in the shell, so that the inline scripts of Leptos run | |
//!
//! In the browser (feature `hydrate`) there are the components and the types of [`browser`], the
//! only ones that may reach it. Apps in islands mode and with full hydration are served alike; in
//! islands mode call [`follow_redirects`] before `hydrate_islands`.

pub mod browser;
mod components;
#[cfg(feature = "ssr")]
mod content_security_policy;
#[cfg(all(doc, feature = "ssr"))]
pub mod guide;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod static_pages;

pub use components::{
    SessionWatch, SignIn, SignOut, SignedIn, SignedOut, follow_redirects, provide_session, session_state,
};
#[cfg(feature = "ssr")]
pub use content_security_policy::send_content_security_policy;
#[cfg(feature = "ssr")]
#[doc(inline)]
pub use logto_axum::*;
#[cfg(feature = "ssr")]
pub use server::{
    access_token, access_token_ssr, auth_session, clear_access_token, clear_all_tokens, logto_context,
    organization_token, organization_token_ssr, organization_tokens, server_functions, sign_in, sign_out,
};
#[cfg(feature = "ssr")]
pub use static_pages::static_pages;

/// Nothing: pages come from the server, and the policy with them. It is here so that a shell
/// compiles for the browser too.
#[cfg(not(feature = "ssr"))]
pub fn send_content_security_policy(_: &leptos::config::LeptosOptions) {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
