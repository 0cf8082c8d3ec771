//! The two protected pages.

use leptos::prelude::*;

use crate::{
    components::{Frame, Step},
    language::language,
    samples::{role_page::RolePage, signed_in_page::SignedInPage},
};

/// A page that requires a user.
#[component]
pub(crate) fn MemberPage() -> impl IntoView {
    let language = language();
    view! {
        <Guarded heading=language.text("protect-member") about=language.text("protect-member-about")>
            <SignedInPage />
        </Guarded>
    }
}

/// A page that requires the role `manager`.
#[component]
pub(crate) fn ManagerPage() -> impl IntoView {
    let language = language();
    view! {
        <Guarded heading=language.text("protect-manager") about=language.text("protect-manager-about")>
            <RolePage />
        </Guarded>
    }
}

/// The frame of a page that requires something.
#[component]
pub(super) fn Guarded(#[prop(into)] heading: String, #[prop(into)] about: String, children: Children) -> impl IntoView {
    view! {
        <Frame title=heading.clone() step=Some(Step::Protect)>
            <div class="intro">
                <h1>{heading}</h1>
                <p>{about}</p>
            </div>
            {children()}
            <p class="next">
                <a href=Step::Protect.path()>{language().text("protect-back")}</a>
            </p>
        </Frame>
    }
}
