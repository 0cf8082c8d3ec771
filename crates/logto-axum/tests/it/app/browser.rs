//! A browser with cookies.

use std::{cell::RefCell, collections::BTreeMap};

use axum::body::{Body, to_bytes};
use http::{Request, Response, StatusCode, header};

use super::{App, BASE};

/// A browser that stores cookies, returns them, and sends `Origin` and `Sec-Fetch-Site`.
pub(crate) struct Browser<'a> {
    pub(crate) app: &'a App,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Submits a form of this site.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ORIGIN, BASE)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let answer = self.app.send(request).await;
        self.keep_cookies(&answer);
        answer
    }

    /// Stores and removes cookies as the answer says.
    pub(crate) fn keep_cookies(&self, answer: &Answer) {
        let mut jar = self.cookies.borrow_mut();
        for cookie in &answer.cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
        }
    }

    /// Presses the sign-in button and signs in at the provider. Returns the path and query of the
    /// callback without requesting it.
    pub(crate) async fn go_to_provider(&self, return_to: &str) -> String {
        let answer = self.post("/sign-in", &format!("return_to={return_to}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let callback = self.app.provider.authorize(&answer.location()).await;
        callback.strip_prefix(BASE).unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&self, return_to: &str) -> Answer {
        let callback = self.go_to_provider(return_to).await;
        self.get(&callback).await
    }

    pub(crate) fn has(&self, cookie: &str) -> bool {
        self.cookies.borrow().contains_key(cookie)
    }

    pub(crate) fn transactions(&self) -> usize {
        self.cookies
            .borrow()
            .keys()
            .filter(|name| name.starts_with("logto_tx_"))
            .count()
    }
}

/// A response whose body was read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(super) async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let cookies = parts
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            cookies,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}
