//! The field `return_to` of a form: where the user comes back to.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

/// The field of one form.
pub(super) struct ReturnTo {
    /// The given path, or the page that was current when the form was rendered.
    value: String,
    /// Whether the form comes back to the current page.
    is_current: bool,
    field: NodeRef<Input>,
}

impl ReturnTo {
    /// Creates the field with a path or, by default, the current page.
    pub(super) fn new(given: Option<String>) -> Self {
        Self {
            is_current: given.is_none(),
            value: given.or_else(current_path).unwrap_or_default(),
            field: NodeRef::new(),
        }
    }

    /// Returns the element. It is always rendered, so that server and browser render the same
    /// elements.
    pub(super) fn element(&self) -> impl IntoView + use<> {
        view! { <input type="hidden" name="return_to" value=self.value.clone() node_ref=self.field /> }
    }

    /// Returns the handler of the form's `submit`: the router may have navigated since the form was
    /// rendered.
    pub(super) fn on_submit(self) -> impl Fn(SubmitEvent) + Send + 'static {
        move |_| {
            let Some(input) = self.field.get_untracked().filter(|_| self.is_current) else {
                return;
            };
            let current = current_path().unwrap_or_default();
            if current != self.value {
                input.set_value(&current);
            }
        }
    }
}

/// Path and query of the page that this request renders, or that called this server function.
#[cfg(feature = "ssr")]
fn current_path() -> Option<String> {
    let page = crate::auth_session().ok()?.calling_page()?;
    Some(page.to_string())
}

/// Path and query in the address bar.
#[cfg(not(feature = "ssr"))]
pub(super) fn current_path() -> Option<String> {
    let location = window().location();
    let search = location.search().ok()?;
    Some(location.pathname().ok()? + query_without_token(&search))
}

/// Returns the query, or nothing if it contains a one-time token: the token must not reach another
/// URL. The server applies the same rule.
#[cfg(any(test, not(feature = "ssr")))]
fn query_without_token(search: &str) -> &str {
    let mut names = search
        .trim_start_matches('?')
        .split('&')
        .map(|part| part.split('=').next());
    if names.any(|name| name == Some("one_time_token")) {
        ""
    } else {
        search
    }
}

#[cfg(test)]
mod tests {
    use super::query_without_token;

    #[test]
    fn a_query_with_a_one_time_token_is_dropped() {
        for search in [
            "?one_time_token=T",
            "?email=a%40b.c&one_time_token=T",
            "?one_time_token",
        ] {
            assert_eq!(query_without_token(search), "", "{search}");
        }
        for search in ["", "?tab=1", "?tab=one_time_token", "?one_time_token_seen=1"] {
            assert_eq!(query_without_token(search), search);
        }
    }
}
