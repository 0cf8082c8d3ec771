//! Content for users who meet a requirement.

#![allow(
    unreachable_pub,
    reason = "the macro wraps this function, so rustc does not see its re-export"
)]

mod access;
mod page_verdict;
mod refused;
mod verdict;

use leptos::{children::ViewFn, prelude::*};
use logto_requirements::Requirement;

use self::{access::Access, refused::Refused, verdict::Verdict};
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
/// | cannot be checked, because Logto or the store is unavailable | sees a text: 503 | sees the text |
///
/// A prefetch is answered with 204, and a script's GET, such as that of a fragment, with 401:
/// neither starts a sign-in. Where a sign-in cannot be started, the page has a button for it
/// instead.
///
/// It works without JavaScript, in islands mode, and with full hydration. The server decides before
/// it sends the head, unless the component is in a part of the page that streams: there it is too
/// late for a status and a redirect, and the page has the button. On a page with
/// `SsrMode::Static` the browser asks the server.
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
        })
    };
    view! { <Transition>{content}</Transition> }
}
