//! The app behind the proxy of docs/proxies.md.

use std::{io::Write as _, time::Duration};

use flate2::write::GzDecoder;
use logto_testing::{
    DEFAULT_RESOURCE, Endpoint, HttpFault, Membership, Organization, TestProvider, TestProviderBuilder, User,
};
use reqwest::{Client, Response, StatusCode, Version, header};

use crate::{
    nginx::{HOST, Nginx},
    process::AppProcess,
};

/// Almost as many as fit into cookies.
const ORGANIZATIONS: usize = 170;
/// Below the ten seconds that the app waits for the provider.
const AT_ONCE: Duration = Duration::from_secs(5);
/// The last text that the app sends before it waits for the token. nginx passes whole buffers on in
/// any case, so an earlier text would show nothing.
const BEFORE_THE_TOKEN: &str = "before this token was requested:";
const OTHER: &str = "https://other.example.com";

/// A browser with the cookies of one site.
struct Visitor {
    client: Client,
    base: String,
    cookies: Vec<(String, String)>,
}

impl Visitor {
    fn new(nginx: &Nginx) -> Self {
        Self {
            client: nginx.client(),
            base: format!("https://{HOST}"),
            cookies: Vec::new(),
        }
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let request = request.header(header::COOKIE, self.cookie_header());
        let response = request.header("sec-fetch-dest", "document").send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value));
            }
        }
        response
    }

    async fn get(&mut self, url: &str) -> Response {
        let url = if url.starts_with('/') {
            format!("{}{url}", self.base)
        } else {
            url.to_owned()
        };
        self.send(self.client.get(url)).await
    }

    /// Presses "Sign in". Returns the address at the provider.
    async fn start_sign_in(&mut self) -> String {
        let origin = self.base.clone();
        self.start_forged_sign_in(&origin, &[]).await
    }

    /// A sign-in with headers that an attacker may choose.
    async fn start_forged_sign_in(&mut self, origin: &str, forged: &[(&str, &str)]) -> String {
        let form = self.client.post(format!("{}/sign-in", self.base));
        let form = form
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("return_to=/");
        let form = forged
            .iter()
            .fold(form, |form, (name, value)| form.header(*name, *value));
        let response = self.send(form).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        response.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }

    async fn sign_in(&mut self, provider: &TestProvider) -> Response {
        let address = self.start_sign_in().await;
        let callback = provider.authorize(&address).await;
        self.get(&callback).await
    }
}

/// Random IDs, which do not compress.
fn organizations() -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from_digit(u32::try_from(state >> 33).unwrap() % 36, 36).unwrap()
    };
    (0..ORGANIZATIONS)
        .map(|_| (0..12).map(|_| letter()).collect())
        .collect()
}

fn provider() -> TestProviderBuilder {
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("https://{HOST}/callback"))
        .resource(DEFAULT_RESOURCE)
}

/// A provider with a user whose session needs the largest cookies.
async fn provider_with_large_user() -> TestProvider {
    let (mut builder, mut user) = (provider(), User::new("heavy"));
    for id in organizations() {
        builder = builder.organization(Organization::new(&id, "Name"));
        user = user.with_organization(Membership::of(&id).with_role("member"));
    }
    let provider = builder.user(user).start().await;
    provider.sign_in_as("heavy");
    provider
}

async fn start(provider: &TestProvider) -> (AppProcess, String) {
    let address = AppProcess::free_address();
    let scopes = "urn:logto:scope:organizations urn:logto:scope:organization_roles read:products";
    let settings = [
        ("LOGTO_BASE_URL", format!("https://{HOST}")),
        ("LOGTO_FURTHER_BASE_URLS", OTHER.to_owned()),
        ("LOGTO_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ("LOGTO_RESOURCES", DEFAULT_RESOURCE.to_owned()),
        ("LOGTO_SCOPES", scopes.to_owned()),
    ];
    (AppProcess::start_with(&address, provider, settings).await, address)
}

fn head(response: &Response) -> usize {
    let lines = response
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    lines.sum()
}

#[tokio::test]
async fn nginx_passes_the_largest_heads_over_http_2() {
    let provider = provider_with_large_user().await;
    let (_app, address) = start(&provider).await;
    let nginx = Nginx::start(&address, |config| config);
    let mut visitor = Visitor::new(&nginx);

    let signed_in = visitor.sign_in(&provider).await;
    assert_eq!(signed_in.version(), Version::HTTP_2);
    assert_eq!(signed_in.headers()[header::LOCATION], "https://app.example.com/");
    assert!(head(&signed_in) > 4_096, "the default of nginx: {}", head(&signed_in));

    // Sign-ins in other tabs, whose cookies come on top.
    for _ in 0..8 {
        visitor.start_sign_in().await;
    }
    let cookies = visitor.cookie_header().len();
    assert!(cookies > 6_000, "{cookies}");
    let page = visitor.get("/sessions").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("<code>active</code>"));
    let log = nginx.log();
    assert!(log.contains("GET /callback") && !log.contains("code="), "{log}");
}

#[tokio::test]
async fn nginx_with_its_default_buffers_fails_on_the_callback() {
    let provider = provider_with_large_user().await;
    let (_app, address) = start(&provider).await;
    let nginx = Nginx::start(&address, |config| {
        config.replace("proxy_buffer_size 8k", "proxy_buffer_size 4k")
    });
    let signed_in = Visitor::new(&nginx).sign_in(&provider).await;
    assert_eq!(signed_in.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn a_client_cannot_forge_the_headers_of_the_proxy() {
    let provider = provider().start().await;
    let (_app, address) = start(&provider).await;
    let forged = [
        ("x-forwarded-host", "other.example.com"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=other.example.com;proto=https"),
    ];
    let start_sign_in = async |origin, config: fn(String) -> String| {
        let nginx = Nginx::start(&address, config);
        Visitor::new(&nginx).start_forged_sign_in(origin, &forged).await
    };

    let at_provider = start_sign_in("https://app.example.com", |config| config).await;
    assert!(at_provider.contains("app.example.com"), "{at_provider}");
    // The app trusts a proxy that passes the headers on.
    let passing = start_sign_in(OTHER, |config| {
        let config = config.replace("proxy_set_header X-Forwarded-", "proxy_set_header X-Other-");
        config.replace("proxy_set_header Forwarded \"\";", "")
    });
    let at_provider = passing.await;
    assert!(at_provider.contains("other.example.com"), "{at_provider}");
}

#[tokio::test]
async fn nginx_passes_the_first_part_of_a_page_on_before_the_last_one() {
    let provider = provider().start().await;
    let (_app, address) = start(&provider).await;
    let nginx = Nginx::start(&address, |config| config);
    let mut visitor = Visitor::new(&nginx);
    visitor.sign_in(&provider).await;

    provider.fault(HttpFault::Hang.at(Endpoint::Token));
    let first_part = async {
        // As browsers do: compression must not hold the text back either.
        let request = visitor.client.get(format!("{}/streaming", visitor.base));
        let mut page = visitor.send(request.header(header::ACCEPT_ENCODING, "gzip")).await;
        assert_eq!(page.headers()[header::CONTENT_ENCODING], "gzip");
        let mut text = GzDecoder::new(Vec::new());
        loop {
            text.write_all(&page.chunk().await.unwrap().expect("a part of the page"))
                .unwrap();
            text.flush().unwrap();
            let text = String::from_utf8_lossy(text.get_ref());
            if text.contains(BEFORE_THE_TOKEN) {
                return text.into_owned();
            }
        }
    };
    let text = tokio::time::timeout(AT_ONCE, first_part)
        .await
        .expect("the page is held back");
    assert!(!text.contains("</html>"), "the page was complete: {text}");
}

#[tokio::test]
async fn nginx_answers_only_for_the_host_of_the_app_and_not_on_the_route_for_load_balancers() {
    let provider = provider().start().await;
    let (_app, address) = start(&provider).await;
    let nginx = Nginx::start(&address, |config| config);
    let mut visitor = Visitor::new(&nginx);
    assert_eq!(visitor.get("/health").await.status(), StatusCode::OK);
    assert_eq!(visitor.get("/ready").await.status(), StatusCode::NOT_FOUND);

    let plain = |host| {
        let request = visitor.client.get(format!("http://{}/health", nginx.plain));
        request.header(header::HOST, host).send()
    };
    let redirect = plain(HOST).await.unwrap();
    assert_eq!(redirect.headers()[header::LOCATION], "https://app.example.com/health");
    assert!(plain("other.example").await.is_err(), "the connection is closed");
}
