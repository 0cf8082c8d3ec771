//! Responses to requests that the guard refuses.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{
    advice::{Advice, advice, advice_in},
    pages::{code_paragraph, form::escape_text, page},
    texts::Translation,
};

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

    /// Makes the response: a page in the visitor's language if the browser shows one, else text in
    /// English.
    pub(crate) fn response(self, as_page: bool, texts: &Translation) -> Response {
        let mut response = if as_page {
            let Advice { title, advice, code } = advice_in(texts, self.code());
            let main = format!("<p>{}</p>{}", escape_text(&advice), code_paragraph(texts, code));
            page(texts, &title, &main)
        } else {
            let Advice { title, advice, code } = advice(self.code());
            let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (no_store, format!("{code}: {title}. {advice}\n")).into_response()
        };
        *response.status_mut() = self.status();
        response
    }
}
