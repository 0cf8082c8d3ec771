//! The pages.

#![allow(unreachable_pub, reason = "the macro makes the properties of components public")]

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{Diagnose as _, Protect, TokenTarget, access_token, role, scope, signed_in};
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
