//! HTML that server functions return.

use axum::{
    body::Body,
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use leptos::{
    prelude::*,
    server_fn::{
        ContentType,
        codec::{Encoding, FromRes, IntoRes},
        error::FromServerFnError,
        response::ClientRes,
    },
};

/// A part of a page as the result of a server function, and its encoding.
#[derive(Debug)]
pub struct Fragment {
    html: String,
    status: StatusCode,
}

impl Fragment {
    /// Renders a view without suspended parts. Its sign-in buttons return to the calling page.
    pub(crate) fn new<V: IntoView>(view: impl FnOnce() -> V) -> Self {
        if let Some(mut parts) = use_context::<Parts>() {
            parts.uri = calling_page(&parts.headers);
            provide_context(parts);
        }
        Self {
            html: view().to_html(),
            status: StatusCode::OK,
        }
    }

    /// Sets the status 201, so that the browser resets the form.
    pub(crate) fn created(self) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..self
        }
    }
}

/// Path and query of the page with the form, from the header `Referer`.
fn calling_page(headers: &HeaderMap) -> Uri {
    let page = headers.get(header::REFERER).and_then(|page| page.to_str().ok());
    let page = page.and_then(|page| page.parse::<Uri>().ok());
    page.and_then(|page| page.into_parts().path_and_query)
        .map_or_else(Uri::default, Uri::from)
}

impl ContentType for Fragment {
    const CONTENT_TYPE: &'static str = "text/html";
}

impl Encoding for Fragment {
    const METHOD: Method = Method::POST;
}

impl<E: Send> IntoRes<Self, Response<Body>, E> for Fragment {
    async fn into_res(self) -> Result<Response<Body>, E> {
        Ok((self.status, Html(self.html)).into_response())
    }
}

/// Required by the macro, although only forms call these server functions.
impl<E: FromServerFnError, R: ClientRes<E> + Send> FromRes<Self, R, E> for Fragment {
    async fn from_res(response: R) -> Result<Self, E> {
        let status = StatusCode::from_u16(response.status()).unwrap_or_default();
        let html = response.try_into_string().await?;
        Ok(Self { html, status })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(referer: &'static str) -> String {
        let headers = HeaderMap::from_iter([(header::REFERER, referer.parse().unwrap())]);
        calling_page(&headers).to_string()
    }

    #[test]
    fn a_fragment_returns_to_the_calling_page() {
        assert_eq!(page("http://127.0.0.1:3000/resources?a=b"), "/resources?a=b");
        assert_eq!(page("https://app.example.org"), "/");
        assert_eq!(page("not an address"), "/");
    }
}
