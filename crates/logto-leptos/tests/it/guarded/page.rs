//! The pages.

#![allow(unreachable_pub, reason = "the macro makes the properties of components public")]

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{Protect, TokenTarget, access_token, role, scope, signed_in};
use logto_testing::DEFAULT_RESOURCE;
use tokio::sync::Semaphore;

pub(super) fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub(super) fn App() -> impl IntoView {
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/") view=|| "Home" />
                <Route path=path!("/member") view=Member />
                <Route path=path!("/admin") view=Admin />
                <Route path=path!("/widget") view=Widget />
                <Route path=path!("/recent") view=Recent />
                <Route path=path!("/products") view=Products />
                <Route path=path!("/several/out-of-order") view=Several />
                <Route path=path!("/several/partially-blocked") view=Several ssr=SsrMode::PartiallyBlocked />
                <Route path=path!("/several/in-order") view=Several ssr=SsrMode::InOrder />
                <Route path=path!("/several/async") view=Several ssr=SsrMode::Async />
                <Route path=path!("/late") view=Late />
                <Route path=path!("/token") view=Token />
            </Routes>
        </Pages>
    }
}

#[component]
fn Member() -> impl IntoView {
    view! { <Protect require=signed_in()>"for members"</Protect> }
}

#[component]
fn Admin() -> impl IntoView {
    view! { <Protect require=role("admin")>"for admins"</Protect> }
}

#[component]
fn Widget() -> impl IntoView {
    view! { <Protect require=role("admin") fallback=|| view! { <p>"Admins see more"</p> }>"for admins"</Protect> }
}

#[component]
fn Recent() -> impl IntoView {
    view! { <Protect require=signed_in().within(Duration::from_secs(300))>"for a recent sign-in"</Protect> }
}

#[component]
fn Products() -> impl IntoView {
    view! { <Protect require=scope("read:products")>"the products"</Protect> }
}

/// Requirements within and beside each other. The provider has to grant the scope, unless its token
/// is cached.
#[component]
fn Several() -> impl IntoView {
    view! {
        <main>
            <Protect require=signed_in()>
                <h1>"for members"</h1>
                <Protect require=role("admin") fallback=|| "Admins see more">
                    "for admins"
                </Protect>
            </Protect>
            <Protect require=scope("read:products")>
                <p>"the products"</p>
                <Protect require=role("admin")>
                    <p>"their prices"</p>
                </Protect>
                <Protect require=role("admin").and(scope("read:products"))>"their costs"</Protect>
            </Protect>
            <Protect require=role("admin")>"for admins again"</Protect>
            <p>"the end"</p>
        </main>
    }
}

/// Waits until the head has been sent.
async fn head_is_sent() {
    if let Some(gate) = use_context::<Arc<Semaphore>>() {
        gate.acquire().await.unwrap().forget();
    }
}

#[component]
fn Late() -> impl IntoView {
    let late = Resource::new(|| (), |()| head_is_sent());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                late.await;
                view! { <Protect require=signed_in()>"for members"</Protect> }
            })}
        </Suspense>
    }
}

#[component]
fn Token() -> impl IntoView {
    let token = Resource::new(
        || (),
        |()| async {
            head_is_sent().await;
            match access_token(TokenTarget::resource(DEFAULT_RESOURCE)).await {
                Ok(issued) => format!("token, refreshed: {}", issued.refreshed),
                Err(error) => error.code().to_owned(),
            }
        },
    );
    view! { <Suspense>{move || Suspend::new(token.into_future())}</Suspense> }
}
