//! A problem of the set-up.

use logto::{Diagnose, Diagnosis, DiscoveryError, Fault};

use crate::address::sites::PEER_UNKNOWN;

/// A problem of the set-up that shows only at run time. Its text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpFinding {
    /// A cookie secret is copied from the documentation. Beyond this machine it is rejected.
    #[error(
        "a cookie secret is copied from the documentation, which is public; create one with `openssl rand \
         -base64 32` before others use this app"
    )]
    SampleCookieSecret,
    /// The provider is unavailable, or its metadata is invalid. Sign-in fails until that is fixed;
    /// the app keeps running.
    #[error("sign-in fails at the moment: {0}")]
    Provider(DiscoveryError),
    /// The provider does not know this redirect URI.
    #[error(
        "the provider does not know the redirect URI {0}: register exactly this address for the application in \
         the Logto console; until then sign-in fails"
    )]
    RedirectUriNotRegistered(String),
    /// The provider does not know this post sign-out redirect URI.
    #[error(
        "the provider does not know the post sign-out redirect URI {0}: register exactly this address, with or \
         without a slash at the end as it stands here, for the application in the Logto console; until then \
         each sign-out ends on an error page of the provider"
    )]
    PostSignOutRedirectUriNotRegistered(String),
    /// The provider does not know the application with this id.
    #[error("the provider does not know the application `{0}`: compare `app_id` and `endpoint` with the Logto console")]
    ApplicationUnknown(String),
    /// A request came without its peer's address, so trusted proxies have no effect. This can be
    /// found only once there have been requests.
    #[error("{}", PEER_UNKNOWN)]
    PeerUnknown,
    /// The router has no route for this path of the crate.
    #[error(
        "the router has no route for {0}, so sign-in or sign-out fails: add `.with_logto(&logto)` to the router, \
         or `.merge(logto.routes())` before the layer"
    )]
    RouteMissing(String),
    /// A page uses the default path of a route that the configuration moved.
    #[error(
        "a page uses {from}, but the configuration moved this route to {to}: put `<LogtoProvider>` around the \
         router, which tells the components the paths, or set `action=\"{to}\"` on the form (`src` on `SessionWatch`)"
    )]
    RouteMoved {
        /// The path that was requested.
        from: String,
        /// The configured path.
        to: String,
    },
    /// The layer does not know the server functions of the app.
    #[error(
        "the layer does not know the server functions, so it neither rejects cross-site calls by GET nor limits \
         bodies: add `.with_logto(&logto)` to the router, or `.with_server_functions(server_functions())` to the \
         layer"
    )]
    ServerFunctionsUnknown,
    /// The self-check was not started.
    #[error(
        "the set-up is not checked, so an address that is not registered shows only when a sign-in fails: add \
         `.with_logto(&logto)` to the router, or `tokio::spawn(logto.clone().watch_set_up());` at start"
    )]
    NotChecked,
    /// A page that Leptos renders did not send the policy with its nonce.
    #[error(
        "a page did not send its nonce with the content security policy, so browsers run none of its inline \
         scripts and nothing is hydrated: put `<LogtoProvider>` around the router, or call \
         `logto_leptos::send_content_security_policy(&options);` in the shell"
    )]
    PolicyNotSent,
    /// The component `LogtoProvider` is missing.
    #[error(
        "`<LogtoProvider>` is missing, so pages notice no sign-out in other tabs, and components do not know the \
         paths of the routes: put `<LogtoProvider>` around the `<Router>`"
    )]
    ProviderMissing,
}

impl Diagnose for SetUpFinding {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::Provider(error) => return error.diagnosis(),
            Self::SampleCookieSecret => "cookie_secret_sample",
            Self::RedirectUriNotRegistered(_) => "redirect_uri_not_registered",
            Self::PostSignOutRedirectUriNotRegistered(_) => "post_sign_out_redirect_uri_not_registered",
            Self::ApplicationUnknown(_) => "application_unknown",
            Self::PeerUnknown => "peer_unknown",
            Self::RouteMissing(_) => "route_missing",
            Self::RouteMoved { .. } => "route_moved",
            Self::ServerFunctionsUnknown => "server_functions_unknown",
            Self::NotChecked => "set_up_not_checked",
            Self::PolicyNotSent => "policy_not_sent",
            Self::ProviderMissing => "provider_missing",
        };
        Diagnosis::new(code, Fault::Configuration)
    }
}
