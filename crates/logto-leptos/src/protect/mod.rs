//! Content for users who meet a requirement.

#![allow(
    unreachable_pub,
    reason = "the macro wraps this function, so rustc does not see its re-export"
)]

mod access;
mod in_place;
mod page_verdict;
mod refused;
mod verdict;

use leptos::{children::ViewFn, prelude::*};
use logto_requirements::Requirement;

use self::{access::Access, in_place::in_place, refused::Refused, verdict::Verdict};
use crate::follow_redirects;

/// Shows its children to users who meet a requirement.
///
/// Other users see the fallback, and the rest of the page. Without a fallback, the component guards
/// the whole page:
///
/// | the user | opens the page | comes by a link of the router |
/// |---|---|---|
/// | has to sign in, or to confirm it's them | goes to Logto and returns to the same address: 303 | likewise |
/// | has no permission | sees a text: 403 | sees the text |
/// | has lost access to the app | sees a text and a button that signs out: 403 | likewise |
/// | cannot be checked, because Logto or the store is unavailable | sees a text: 503 | sees the text |
///
/// A prefetch is answered with 204, and a script's GET, such as that of a fragment, with 401:
/// neither starts a sign-in. Where a sign-in cannot be started, the page has a button for it
/// instead.
///
/// It works without JavaScript in every `SsrMode`, in islands mode, and with full hydration. The
/// server decides before it sends the head, and renders the content in place. There are two
/// exceptions:
///
/// - In a part of the page that streams, such as below a `<Suspense>` that waits for data, it is too
///   late for a status and a redirect, and the page has the button. That part is visible without
///   JavaScript if the mode is `SsrMode::Async` or `SsrMode::InOrder`.
/// - On a page with `SsrMode::Static` the browser asks the server.
///
/// Most decisions need the session alone. The head also waits for the provider if a decision needs
/// it: see [`require`](https://docs.rs/logto-leptos/latest/logto_leptos/fn.require.html).
///
/// # Resources in the content
///
/// - Content that reads a resource needs its own `<Suspense>`. The component is none on the server:
///   without a `<Suspense>` the server renders nothing, and hydration fails.
/// - Create resources above the component if the requirement needs the provider: for a scope, or
///   for a list that the ID token lacks. Leptos numbers resources in order of creation. In the
///   browser the content of a decided component is created at once, on the server after the
///   decision, so the numbers would differ.
///
/// # Security
///
/// It only hides content: check the requirement again where the data is read, with
/// [`require`](https://docs.rs/logto-leptos/latest/logto_leptos/fn.require.html). With full
/// hydration, the code of the children reaches every browser.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::{Protect, role, signed_in};
///
/// #[component]
/// fn Orders() -> impl IntoView {
///     view! {
///         <Protect require=signed_in()>
///             <h1>"Your orders"</h1>
///             <Protect require=role("admin") fallback=|| view! { <p>"Admins see all orders"</p> }>
///                 <a href="/orders/all">"All orders"</a>
///             </Protect>
///         </Protect>
///     }
/// }
/// ```
#[component]
pub fn Protect(
    /// The requirement, such as `role("admin")`.
    #[prop(into)]
    require: Requirement,
    /// The view for other users.
    #[prop(optional, into)]
    fallback: Option<ViewFn>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    follow_redirects();
    let verdict = Verdict::new(require, fallback.is_none());
    let content = move || {
        let (decision, marker) = (verdict.decision(), verdict.marker());
        let (children, fallback) = (children.clone(), fallback.clone());
        Suspend::new(async move {
            let decision = decision.await;
            let marker = marker.view(&decision.access);
            let content = match (decision.access, fallback) {
                (Access::Allowed, _) => children(),
                (Access::Unknown, _) => ().into_any(),
                (Access::Refused(_), Some(fallback)) => fallback.run(),
                (Access::Refused(error), None) => {
                    view! { <Refused error starts_sign_in=decision.starts_sign_in /> }.into_any()
                }
            };
            view! {
                {marker}
                {content}
            }
            .into_any()
        })
    };
    in_place(content)
}
