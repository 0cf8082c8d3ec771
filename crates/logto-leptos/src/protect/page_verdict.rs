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
        let marker = document().query_selector(&selector(key)).ok()??;
        serde_json::from_str(&marker.get_attribute("data-logto-access")?).ok()
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

/// The CSS selector of the element with this key.
#[cfg(any(test, not(feature = "ssr")))]
fn selector(key: &str) -> String {
    let string = key.replace('\\', r"\\").replace('"', "\\\"");
    format!("[data-logto-requirement=\"{string}\"]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selector_quotes_the_key() {
        let key = r#"{"Role":"a \"b\""}"#;
        let expected = r#"[data-logto-requirement="{\"Role\":\"a \\\"b\\\"\"}"]"#;
        assert_eq!(selector(key), expected);
    }
}
