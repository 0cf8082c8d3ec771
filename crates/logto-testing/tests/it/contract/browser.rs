//! A browser with cookies that follows redirects within the provider.

use std::sync::Mutex;

use cookie::Cookie;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use url::Url;

#[derive(Default)]
pub(crate) struct Browser {
    cookies: Mutex<Vec<Cookie<'static>>>,
    client: OnceClient,
}

struct OnceClient(Client);

impl Default for OnceClient {
    fn default() -> Self {
        Self(
            Client::builder()
                .redirect(Policy::none())
                // A test may restart the provider.
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
        )
    }
}

/// Where a navigation ends.
pub(crate) enum Arrival {
    /// At a page of the provider.
    Page(Page),
    /// At an address of the app, which is not opened.
    App(Url),
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) url: Url,
    pub(crate) html: String,
}

impl Arrival {
    #[track_caller]
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::App(url) => panic!("arrived at the app instead of a page: {url}"),
        }
    }

    #[track_caller]
    pub(crate) fn app(self) -> Url {
        match self {
            Self::App(url) => url,
            Self::Page(page) => panic!("{} {} instead of the app: {}", page.status, page.url, page.html),
        }
    }
}

impl Page {
    /// Whether the page asks for a password.
    pub(crate) fn asks_for_password(&self) -> bool {
        self.html.contains("name=\"password\"")
    }

    /// The value of an attribute, which follows `before`.
    pub(crate) fn value_after(&self, before: &str) -> &str {
        let rest = self
            .html
            .split(before)
            .nth(1)
            .unwrap_or_else(|| panic!("no {before} in {}", self.html));
        rest.split('"').next().unwrap()
    }
}

impl Browser {
    pub(crate) async fn open(&self, url: &str) -> Arrival {
        self.navigate(Url::parse(url).unwrap(), &[]).await
    }

    /// Submits a form of the page to the page's own address.
    pub(crate) async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Arrival {
        self.navigate(page.url.clone(), fields).await
    }

    /// Submits the form of an end-session page.
    pub(crate) async fn submit_sign_out(&self, page: &Page, answer: &str) -> Arrival {
        let action = page.url.join(page.value_after("action=\"")).unwrap();
        let xsrf = page.value_after("name=\"xsrf\" value=\"");
        self.navigate(action, &[("xsrf", xsrf), (answer, "yes")]).await
    }

    /// A request without following redirects.
    pub(crate) async fn request(&self, url: &str) -> Response {
        self.send(&Url::parse(url).unwrap(), &[]).await
    }

    async fn navigate(&self, mut url: Url, fields: &[(&str, &str)]) -> Arrival {
        let provider = url.origin();
        let mut response = self.send(&url, fields).await;
        while response.status().is_redirection() {
            url = url
                .join(response.headers()[header::LOCATION].to_str().unwrap())
                .unwrap();
            if url.origin() != provider {
                return Arrival::App(url);
            }
            response = self.send(&url, &[]).await;
        }
        let (status, html) = (response.status(), response.text().await.unwrap());
        Arrival::Page(Page { status, url, html })
    }

    async fn send(&self, url: &Url, fields: &[(&str, &str)]) -> Response {
        let request: RequestBuilder = match fields {
            [] => self.client.0.get(url.clone()),
            fields => self.client.0.post(url.clone()).form(fields),
        };
        let response = request
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, self.cookies_for(url))
            .send()
            .await
            .unwrap();
        for value in response.headers().get_all(header::SET_COOKIE) {
            self.store(Cookie::parse(value.to_str().unwrap().to_owned()).unwrap(), url);
        }
        response
    }

    fn cookies_for(&self, url: &Url) -> String {
        let cookies = self.cookies.lock().unwrap();
        let matching = cookies
            .iter()
            .filter(|cookie| url.path().starts_with(cookie.path().unwrap_or("/")));
        matching
            .map(|cookie| cookie.stripped().to_string())
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn store(&self, mut cookie: Cookie<'static>, url: &Url) {
        if cookie.path().is_none() {
            cookie.set_path(url.path().to_owned());
        }
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|other| (other.name(), other.path()) != (cookie.name(), cookie.path()));
        if !cookie.value().is_empty() {
            cookies.push(cookie);
        }
    }
}
