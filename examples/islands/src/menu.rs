//! An island with the user's menu and with content for some users.

#![allow(
    unreachable_pub,
    reason = "the macro wraps this function, so rustc does not see its use"
)]

use leptos::prelude::*;
use logto_leptos::{Protect, UserButton, role, use_user};

/// The user's menu, and a counter for managers.
#[island]
pub fn Menu() -> impl IntoView {
    let user = use_user();
    let name = move || user.get().map(|user| user.display_name().to_owned());
    let count = RwSignal::new(0);
    view! {
        <p>"Hello " {move || name().unwrap_or_else(|| "stranger".to_owned())}</p>
        <UserButton organizations=false />
        <Protect require=role("manager") fallback=|| view! { <p>"Only managers see this counter."</p> }>
            <button on:click=move |_| count.update(|count| *count += 1)>"Clicks of a manager: " {count}</button>
        </Protect>
    }
}
