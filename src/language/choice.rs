//! The language that a visitor has chosen: its cookie, and the route that sets it.

use axum::{
    Form,
    extract::Request,
    response::{IntoResponse, Redirect, Response},
};
use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderValue, StatusCode, header};
use logto_leptos::{AuthSession, ReturnTo};
use serde::Deserialize;

use super::Language;

const COOKIE: &str = "language";

/// How long the choice is remembered.
const REMEMBERED: Duration = Duration::days(365);

/// Replaces the languages that the browser accepts by the one that its user has chosen, if any.
///
/// The texts of the sign-in library and those of this app then agree, because both follow
/// `Accept-Language`.
pub(crate) async fn apply_choice(mut request: Request) -> Request {
    if let Some(language) = chosen_language(&request) {
        let language = HeaderValue::from_static(language.tag());
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, language);
    }
    request
}

fn chosen_language(request: &Request) -> Option<Language> {
    let headers = request.headers().get_all(header::COOKIE).iter();
    // Lossy, because scripts can set cookies with any characters.
    let headers = headers.map(|header| String::from_utf8_lossy(header.as_bytes()).into_owned());
    let cookies = headers.flat_map(Cookie::split_parse);
    let mut choices = cookies.filter_map(Result::ok).filter(|cookie| cookie.name() == COOKIE);
    choices.find_map(|cookie| Language::from_tag(cookie.value()))
}

/// The fields of the form `LanguageSwitch`.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    language: String,
    return_to: String,
}

/// Leads home a visitor who opens the address of the form.
pub(crate) async fn no_choice() -> Redirect {
    Redirect::to("/")
}

/// Remembers the choice, and leads back to the page with the form.
pub(crate) async fn choose(session: AuthSession, Form(choice): Form<Choice>) -> Response {
    let Some(language) = Language::from_tag(&choice.language) else {
        return (StatusCode::BAD_REQUEST, "this language is not available").into_response();
    };
    let page = ReturnTo::parse(&choice.return_to).unwrap_or_else(ReturnTo::home);
    let cookie = Cookie::build((COOKIE, language.tag()))
        .path("/")
        .max_age(REMEMBERED)
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(session.redirect_uri().starts_with("https:"));
    let cookie = [(header::SET_COOKIE, cookie.to_string())];
    (cookie, Redirect::to(page.as_str())).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::{HeaderMap, request::Builder};
    use tower::ServiceExt as _;

    use super::*;
    use crate::server::endpoints::app;

    async fn send(request: Builder, body: &str) -> (StatusCode, HeaderMap, String) {
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = app().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, headers, String::from_utf8(body.to_vec()).unwrap())
    }

    /// The language of the home page for these headers.
    async fn language_for(cookie: &str, accepted: &str) -> String {
        let request = Request::get("/")
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT_LANGUAGE, accepted);
        let (_, _, page) = send(request, "").await;
        let start = page.find("<html lang=\"").expect("a language") + "<html lang=\"".len();
        page[start..].split('"').next().unwrap().to_owned()
    }

    async fn choose(form: &str) -> (StatusCode, HeaderMap) {
        let request = Request::post("/language")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, headers, _) = send(request, form).await;
        (status, headers)
    }

    #[tokio::test]
    async fn the_cookie_decides_and_otherwise_the_browser() {
        for (cookie, accepted, expected) in [
            ("", "", "en"),
            ("", "fr-CH, fr;q=0.9, en;q=0.8", "fr"),
            ("", "en;q=0.1, fr;q=0.9", "fr"),
            ("", "de", "en"),
            ("language=fr", "en", "fr"),
            ("a=b; language=en; c=d", "fr", "en"),
            ("theme=nuit é; language=fr", "en", "fr"),
        ] {
            assert_eq!(language_for(cookie, accepted).await, expected, "{cookie} {accepted}");
        }
    }

    #[tokio::test]
    async fn a_cookie_that_no_form_of_this_app_has_set_is_ignored() {
        let long = format!("language={}", "fr".repeat(2000));
        for cookie in [
            "language=",
            "language",
            "language=FR",
            "language=de",
            "language=\"fr",
            "language=fr%00",
            "language=<script>",
            "xlanguage=fr",
            "=;;; =, language =",
            long.as_str(),
        ] {
            assert_eq!(language_for(cookie, "en").await, "en", "{cookie}");
        }
        assert_eq!(language_for("language=de; language=fr", "en").await, "fr");
    }

    #[tokio::test]
    async fn only_the_beginning_of_a_long_header_is_read() {
        let header = format!("{}fr", "xx,".repeat(10_000));
        assert_eq!(language_for("", &header).await, "en");
    }

    #[tokio::test]
    async fn a_choice_is_remembered_and_leads_back_to_the_page() {
        let (status, headers) = choose("language=fr&return_to=%2Fprofile%3Ftab%3D1").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(headers[header::LOCATION], "/profile?tab=1");
        assert_eq!(
            headers[header::SET_COOKIE],
            "language=fr; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"
        );
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
    }

    #[tokio::test]
    async fn a_choice_never_leads_to_another_site() {
        for target in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/%09/evil.example",
            "/%5Cevil.example",
            "javascript:alert(1)",
            "",
        ] {
            let (status, headers) = choose(&format!("language=fr&return_to={target}")).await;
            assert_eq!(status, StatusCode::SEE_OTHER);
            let location = headers[header::LOCATION].to_str().unwrap();
            assert!(
                location == "/" || location.starts_with("/%"),
                "{target} leads to {location}"
            );
        }
    }

    #[tokio::test]
    async fn an_unknown_language_is_refused() {
        for form in [
            "language=de&return_to=/",
            "language=&return_to=/",
            "language=fr%0D%0ASet-Cookie:+a=b&return_to=/",
            "return_to=/",
            "",
        ] {
            let (status, headers) = choose(form).await;
            assert!(status.is_client_error(), "{form} {status}");
            assert!(!headers.contains_key(header::SET_COOKIE), "{form}");
        }
    }
}
