//! Pages and a server function for users who meet a requirement.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

use leptos::{either::Either, prelude::*};
use logto_leptos::{AuthError, Protect, role, signed_in};

/// The report, for managers.
#[server(prefix = "/api", endpoint = "report")]
pub(crate) async fn report() -> Result<String, AuthError> {
    let user = logto_leptos::require(role("manager")).await?;
    Ok(format!("The report for {}", user.name().unwrap_or("a manager")))
}

/// A page for signed-in users.
#[component]
pub(crate) fn Orders() -> impl IntoView {
    view! {
        <Protect require=signed_in()>
            <h1>"Orders"</h1>
        </Protect>
    }
}

/// A page for managers.
#[component]
pub(crate) fn Managers() -> impl IntoView {
    view! {
        <Protect require=role("manager")>
            <h1>"Managers"</h1>
        </Protect>
    }
}

/// A page that anyone may open, with a button for managers.
#[component]
pub(crate) fn Reports() -> impl IntoView {
    let report = ServerAction::<Report>::new();
    let outcome = move || {
        report.value().get().map(|outcome| match outcome {
            Ok(text) => Either::Left(text),
            Err(error) => Either::Right(view! { <Failure error /> }),
        })
    };
    view! {
        <h1>"Reports"</h1>
        <button on:click=move |_| _ = report.dispatch(Report {})>"Read the report"</button>
        <p role="status">{outcome}</p>
    }
}

/// Why the report cannot be read, and a button if a sign-in helps.
#[component]
fn Failure(error: AuthError) -> impl IntoView {
    let text = format!("{} ({})", error.message(), error.code());
    let sign_in = error
        .needs_sign_in()
        .then(|| view! { <button on:click=move |_| _ = error.sign_in()>"Continue to the sign-in"</button> });
    view! {
        {text}
        {sign_in}
    }
}
