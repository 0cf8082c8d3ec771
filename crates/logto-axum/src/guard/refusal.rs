//! Responses to requests that the guard refuses.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{advice::advice, pages::page};

/// The reason why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refusal {
    CrossSite,
    ServerFunctionByGet,
    BodyTooLarge,
}

impl Refusal {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::CrossSite => "cross_site_request",
            Self::ServerFunctionByGet => "server_function_by_get",
            Self::BodyTooLarge => "body_too_large",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::CrossSite | Self::ServerFunctionByGet => StatusCode::FORBIDDEN,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// Makes the response: a page if the browser shows one, else text.
    pub(crate) fn response(self, as_page: bool) -> Response {
        let advice = advice(self.code());
        let (title, text, code) = (advice.title, advice.advice, advice.code);
        let mut response = if as_page {
            page(title, &format!("<p>{text}</p><p>Code: <code>{code}</code></p>"))
        } else {
            let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (no_store, format!("{code}: {title}. {text}\n")).into_response()
        };
        *response.status_mut() = self.status();
        response
    }
}
