//! The frame of every page: title, header, list of steps.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Contents, Footer, Header, Heading, Step, Steps};
use crate::{language::language, samples::acting_banner::ActingBanner};

/// The frame of a page.
#[component]
pub(crate) fn Frame(
    #[prop(into)] title: String,
    /// The step, if the page is one. After a sign-in on another page, the user is on the home page.
    #[prop(optional_no_strip)]
    step: Option<Step>,
    /// The headings of the list "On this page".
    #[prop(optional)]
    contents: Vec<Heading>,
    children: Children,
) -> impl IntoView {
    let language = language();
    let site = language.text("site-name");
    view! {
        <Title text=title + " · " + &site />
        <a class="skip" href="#main">
            {language.text("site-skip")}
        </a>
        <ActingBanner text=acting_text stop=language.text("act-as-banner-stop").into_owned() />
        <Header is_step=step.is_some() />
        <div class="frame">
            <div class="aside">
                <Steps current=step />
                <Contents headings=contents />
            </div>
            <main id="main" tabindex="-1">
                {children()}
            </main>
        </div>
        <Footer />
    }
}

fn acting_text(user: &str) -> String {
    language().text_with("act-as-banner-text", [("user", user)])
}
