//! The route table.
use leptos::prelude::*;

/// The page around the app.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! { <!DOCTYPE html> <html lang="en"><head><AutoReload options=options.clone() /><HydrationScripts options islands=true /></head><body><App /></body></html> }
}

/// The app.
#[component]
pub fn App() -> impl IntoView {
    view! { <main>"Under construction"</main> }
}
