//! The list of server functions, for the layer.

use logto_axum::ServerFunctions;

/// The server function that checks requirements for the browser, and its body limit in bytes.
const ALLOWS: (&str, usize) = ("/api/logto/allows", 8 * 1024);

/// Lists the server functions of this program, for
/// [`LogtoLayer::with_server_functions`](crate::LogtoLayer::with_server_functions).
///
/// The layer needs the list to tell server functions from pages. It rejects cross-site calls of a
/// server function that uses GET (`GetUrl`), unless [`ServerFunctions::allow_get`] lists it.
///
/// ```
/// # use leptos::{prelude::*, server_fn::{ServerFn as _, codec::GetUrl}};
/// use logto_leptos::server_functions;
///
/// #[server(prefix = "/api", endpoint = "search", input = GetUrl)]
/// async fn search(words: String) -> Result<Vec<String>, ServerFnError> {
///     Ok(vec![words])
/// }
///
/// # fn layer(logto: &logto_leptos::Logto) -> logto_leptos::LogtoLayer {
/// logto.layer().with_server_functions(server_functions().allow_get(Search::PATH))
/// # }
/// ```
#[must_use]
pub fn server_functions() -> ServerFunctions {
    let (allows, limit) = ALLOWS;
    ServerFunctions::new(leptos::server_fn::axum::server_fn_paths()).with_body_limit_of(allows, limit)
}
