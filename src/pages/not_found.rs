//! The page for an unknown address.

use leptos::prelude::*;

use crate::{components::Frame, language::language};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let language = language();
    view! {
        <Frame title=language.text("not-found-title")>
            <div class="intro">
                <h1>{language.text("not-found-heading")}</h1>
                <p>{language.text("not-found-advice")}</p>
                <div class="actions">
                    <a class="button" href="/">
                        {language.text("not-found-home")}
                    </a>
                </div>
            </div>
        </Frame>
    }
}
