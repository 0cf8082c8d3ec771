//! The route table and the HTML document around it.

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};
use logto_leptos::LogtoProvider;

use crate::{
    components::PaneStatus,
    language::language,
    pages::{
        Account, ActAsUser, ApiDemandPage, Invited, LogtoAway, ManageOrganizations, ManagerPage, MemberPage, NotFound,
        Organizations, Overview, Profile, ProtectPages, RecentSignInPage, Resources, SecondFactorPage, Sessions, SetUp,
        SignIn, SignInError, Streaming,
    },
    state::AppState,
};

/// The HTML document around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let stylesheet = use_context::<AppState>().map(|state| state.stylesheet());
    // Only islands are hydrated. The rest of the page needs no markers and no serialized data.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let language = language();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content=language.text("site-description") />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet />
                <script src="/panes.js" defer></script>
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
                <PaneStatus />
            </body>
        </html>
    }
}

/// The app: one page for each step of the quick start.
///
/// All pages except one use `SsrMode::Async`: they work without JavaScript, and a token that is
/// refreshed while the page renders is saved to the session cookie. The page about streaming is
/// sent in order, which works without JavaScript too.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <LogtoProvider>
            <Router>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Overview ssr=SsrMode::Async />
                    <Route path=path!("/set-up") view=SetUp ssr=SsrMode::Async />
                    <Route path=path!("/signing-in") view=SignIn ssr=SsrMode::Async />
                    <Route path=path!("/protect") view=ProtectPages ssr=SsrMode::Async />
                    <Route path=path!("/protect/member") view=MemberPage ssr=SsrMode::Async />
                    <Route path=path!("/protect/manager") view=ManagerPage ssr=SsrMode::Async />
                    <Route path=path!("/protect/recent") view=RecentSignInPage ssr=SsrMode::Async />
                    <Route path=path!("/protect/second-factor") view=SecondFactorPage ssr=SsrMode::Async />
                    <Route path=path!("/protect/sales") view=ApiDemandPage ssr=SsrMode::Async />
                    <Route path=path!("/profile") view=Profile ssr=SsrMode::Async />
                    <Route path=path!("/resources") view=Resources ssr=SsrMode::Async />
                    <Route path=path!("/organizations") view=Organizations ssr=SsrMode::Async />
                    <Route path=path!("/organizations/manage") view=ManageOrganizations ssr=SsrMode::Async />
                    <Route path=path!("/invitations/:id") view=Invited ssr=SsrMode::Async />
                    <Route path=path!("/account") view=Account ssr=SsrMode::Async />
                    <Route path=path!("/act-as") view=ActAsUser ssr=SsrMode::Async />
                    <Route path=path!("/sessions") view=Sessions ssr=SsrMode::Async />
                    <Route path=path!("/streaming") view=Streaming ssr=SsrMode::InOrder />
                    <Route path=path!("/logto-away") view=LogtoAway ssr=SsrMode::Async />
                    <Route path=path!("/auth-error") view=SignInError ssr=SsrMode::Async />
                </FlatRoutes>
            </Router>
        </LogtoProvider>
    }
}
