//! The page for an unknown address.

use leptos::prelude::*;

use crate::components::Frame;

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <Frame title="Page not found">
            <div class="intro">
                <h1>"There is no such page"</h1>
                <p>"The address may be mistyped, or the page has moved."</p>
                <div class="actions">
                    <a class="button" href="/">
                        "Back to the home page"
                    </a>
                </div>
            </div>
        </Frame>
    }
}
