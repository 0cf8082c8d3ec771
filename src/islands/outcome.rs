//! What an action came to: nothing yet, under way, a result, or a problem. All take the same room, so that nothing jumps.

use leptos::{either::EitherOf4, prelude::*, server_fn::ServerFn};

use super::problem::{Problem, ProblemNote};

/// What a server function of this app returns. A problem is a result too: an `Err` of the outer kind would stand in the address
/// for people without JavaScript.
pub type Answer<T> = Result<Result<T, Problem>, ServerFnError>;

/// Shows the outcome of `action`, announced when it changes.
pub(crate) fn outcome<S, T, V>(
    action: ServerAction<S>,
    empty: &'static str,
    show: impl Fn(T) -> V + Send + 'static,
) -> impl IntoView
where
    S: ServerFn<Output = Result<T, Problem>, Error = ServerFnError> + Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let (pending, value) = (action.pending(), action.value());
    view! {
        <div class="outcome" aria-live="polite" aria-busy=move || pending.get().to_string()>
            {move || match (pending.get(), value.get()) {
                (true, _) => EitherOf4::A(view! { <p class="skeleton">"Loading"</p> }),
                (false, None) => EitherOf4::B(view! { <p class="empty">{empty}</p> }),
                (false, Some(Ok(Ok(result)))) => EitherOf4::C(show(result)),
                (false, Some(Ok(Err(problem)))) => EitherOf4::D(view! { <ProblemNote problem /> }),
                (false, Some(Err(_))) => EitherOf4::D(view! { <ProblemNote problem=Problem::app_unreachable() /> }),
            }}
        </div>
    }
}
