//! The page for a failed sign-in.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use logto_leptos::{SignIn, advice, auth_session, try_again_in};

use crate::components::Frame;

#[component]
pub(crate) fn SignInError() -> impl IntoView {
    // An unknown code gets the advice of a general failure: the page repeats no text of the URL.
    let query = use_query_map().get_untracked();
    let advice = advice(&query.get("code").unwrap_or_default());
    let wait = query.get("retry_after").and_then(|seconds| seconds.parse().ok());
    let wait = wait.map(|seconds: u32| format!(" {}", try_again_in(Duration::from_secs(seconds.into()))));
    // `POST /sign-in` validates the path. An invalid one becomes the home page.
    let return_to = query.get("return_to").unwrap_or_else(|| "/".to_owned());
    let unregistered = (advice.code == "redirect_uri_not_registered")
        .then(auth_session)
        .and_then(Result::ok)
        .map(|session| view! { <p>"Redirect URI: " <code>{session.redirect_uri()}</code></p> });
    view! {
        <Frame title="Sign-in failed">
            <div class="intro">
                <h1>{advice.title}</h1>
                <p>{advice.advice} {wait}</p>
                {unregistered}
                <p class="muted">"Code: " <code>{advice.code}</code></p>
                <div class="actions">
                    <SignIn return_to class="button primary">
                        "Sign in again"
                    </SignIn>
                    <a class="button" href="/">
                        "Back to the home page"
                    </a>
                </div>
            </div>
        </Frame>
    }
}
