//! The page for a failed sign-in.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use logto_leptos::{SignIn, auth_session};

use crate::{
    components::{Frame, advice_for, try_again},
    language::language,
};

#[component]
pub(crate) fn SignInError() -> impl IntoView {
    let language = language();
    // An unknown code gets the advice of a general failure: the page repeats no text of the URL.
    let query = use_query_map().get_untracked();
    let advice = advice_for(&query.get("code").unwrap_or_default());
    let wait = query.get("retry_after").and_then(|seconds| seconds.parse().ok());
    let wait = wait.map(|seconds: u32| format!(" {}", try_again(Duration::from_secs(seconds.into()))));
    // `POST /sign-in` validates the path. An invalid one becomes the home page.
    let return_to = query.get("return_to").unwrap_or_else(|| "/".to_owned());
    let unregistered = (advice.code == "redirect_uri_not_registered")
        .then(auth_session)
        .and_then(Result::ok)
        .map(|session| {
            view! {
                <p>
                    {language.text("auth-error-redirect-uri")} " " <code>{session.redirect_uri()}</code>
                </p>
            }
        });
    view! {
        <Frame title=language.text("auth-error-title")>
            <div class="intro">
                <h1>{advice.title}</h1>
                <p>{advice.advice} {wait}</p>
                {unregistered}
                <p class="muted">{language.text("problem-code")} " " <code>{advice.code}</code></p>
                <div class="actions">
                    <SignIn return_to class="button primary">
                        {language.text("auth-error-sign-in-again")}
                    </SignIn>
                    <a class="button" href="/">
                        {language.text("auth-error-home")}
                    </a>
                </div>
            </div>
        </Frame>
    }
}
