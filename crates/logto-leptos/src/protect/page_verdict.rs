//! The decision of the server, written into the page for the browser.

use leptos::prelude::*;
use logto_requirements::Requirement;

use super::access::Access;

/// Where the page keeps the decision about a requirement: all components of a page with the same
/// requirement have the same decision.
#[derive(Clone)]
pub(super) struct PageVerdict(Option<String>);

impl PageVerdict {
    /// Outside islands, no browser reads it.
    pub(super) fn of(requirement: &Requirement) -> Self {
        let key = crate::components::is_hydrated().then(|| serde_json::to_string(requirement).unwrap_or_default());
        Self(key)
    }

    /// The element for the browser.
    pub(super) fn view(self, access: &Access) -> impl IntoView + use<> {
        let access = self.0.as_ref().map(|_| to_json(access));
        view! { <span hidden data-logto-requirement=self.0 data-logto-access=access></span> }
    }

    /// Reads the decision while the page hydrates.
    #[cfg(not(feature = "ssr"))]
    pub(super) fn read(&self) -> Option<Access> {
        let is_hydrating = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
        let key = self.0.as_deref().filter(|_| is_hydrating)?;
        let markers = document().query_selector_all("[data-logto-requirement]").ok()?;
        (0..markers.length()).find_map(|index| {
            use leptos::wasm_bindgen::JsCast as _;

            let marker = markers.item(index)?.dyn_into::<leptos::web_sys::Element>().ok()?;
            let is_ours = marker.get_attribute("data-logto-requirement").as_deref() == Some(key);
            let access = is_ours.then(|| marker.get_attribute("data-logto-access"))??;
            serde_json::from_str(&access).ok()
        })
    }
}

#[cfg(feature = "ssr")]
fn to_json(access: &Access) -> String {
    serde_json::to_string(access).unwrap_or_default()
}

/// The browser keeps the attribute that the server wrote.
#[cfg(not(feature = "ssr"))]
fn to_json(_: &Access) -> String {
    String::new()
}
