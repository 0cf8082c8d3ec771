//! The view for a refused user on a page without a fallback.

use leptos::{html::Div, prelude::*};

use crate::{AuthError, AuthErrorKind, SignIn, SignOut};

/// The reason, and a button if a sign-in or a sign-out helps.
#[allow(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub(super) fn Refused(error: AuthError, starts_sign_in: bool) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    if starts_sign_in && error.needs_sign_in() {
        let error = error.clone();
        // In the next frame, because the router then has set the address that the user returns to.
        element.on_load(move |_| {
            request_animation_frame(move || {
                error.sign_in();
            });
        });
    }
    let message = error.message().to_owned();
    let sign_in = error.needs_sign_in().then(|| {
        // A property would have to be there always.
        let max_age = error.max_age().map(|age| ("max_age", age.as_secs().to_string()));
        let acr = error.acr().map(|class| ("acr_values", class.to_owned()));
        let proof = max_age.into_iter().chain(acr);
        let extra: Vec<_> = proof.map(|(name, value)| (name.to_owned(), value)).collect();
        view! { <SignIn extra=extra /> }
    });
    // Their session at Logto continues, so only a sign-out lets another user sign in.
    let sign_out = (error.kind() == AuthErrorKind::AccessDenied).then(|| view! { <SignOut /> });
    view! {
        <div class="logto-refused" role="alert" node_ref=element>
            <p>{message}</p>
            {sign_in}
            {sign_out}
        </div>
    }
}
