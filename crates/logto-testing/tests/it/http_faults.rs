use std::{io, time::Duration};

use flate2::read::GzDecoder;
use logto_testing::{Endpoint, HttpFault, TestProvider};
use reqwest::{StatusCode, header};
use serde_json::Value;

use crate::client::{exchange, http, post, refresh, sign_in, text};

async fn discover(provider: &TestProvider) -> reqwest::Result<reqwest::Response> {
    http().get(provider.url(Endpoint::Discovery)).send().await
}

async fn with(fault: HttpFault) -> (TestProvider, reqwest::Result<reqwest::Response>) {
    let provider = TestProvider::start().await;
    provider.fault(fault.at(Endpoint::Discovery));
    let answer = discover(&provider).await;
    (provider, answer)
}

#[tokio::test]
async fn a_status_fault_sends_an_html_page_and_an_optional_retry_after() {
    let (_provider, answer) = with(HttpFault::RetryAfter(429, "30")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "30");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html");
    let (_provider, answer) = with(HttpFault::Status(503)).await;
    assert_eq!(answer.unwrap().status(), 503);
}

#[tokio::test]
async fn other_endpoints_are_not_affected() {
    let (provider, answer) = with(HttpFault::Status(500)).await;
    assert_eq!(answer.unwrap().status(), 500);
    assert_eq!(
        http().get(provider.url(Endpoint::Jwks)).send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn connections_are_reset_or_closed_without_a_response() {
    let (_provider, reset) = with(HttpFault::Reset).await;
    assert!(format!("{:?}", reset.unwrap_err()).contains("ConnectionReset"));
    let (_provider, closed) = with(HttpFault::Close).await;
    assert!(format!("{:?}", closed.unwrap_err()).contains("IncompleteMessage"));
}

#[tokio::test]
async fn a_reset_request_is_not_handled_and_one_with_a_lost_answer_is() {
    let provider = TestProvider::start().await;
    let send = async |code: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", provider.redirect_uri()),
            ("code_verifier", crate::client::VERIFIER),
        ];
        let url = provider.url(Endpoint::Token);
        http()
            .post(url)
            .basic_auth(provider.app_id(), Some(provider.app_secret()))
            .form(&fields)
            .send()
            .await
    };
    for (fault, left) in [(HttpFault::Reset, 200), (HttpFault::LoseAnswer, 400)] {
        let code = crate::client::code(&provider, &[]).await;
        provider.fault_once(fault.at(Endpoint::Token));
        assert!(send(&code).await.is_err());
        assert_eq!(exchange(&provider, &code).await.0, left);
    }
}

#[tokio::test]
async fn hanging_and_slow_responses_run_into_the_clients_timeout() {
    let provider = TestProvider::start().await;
    for fault in [
        HttpFault::Hang,
        HttpFault::StallBody,
        HttpFault::SlowBody(Duration::from_millis(20)),
    ] {
        provider.fault_once(fault.at(Endpoint::Discovery));
        let request = http()
            .get(provider.url(Endpoint::Discovery))
            .timeout(Duration::from_millis(50));
        let answer = async { request.send().await?.bytes().await };
        assert!(answer.await.unwrap_err().is_timeout());
    }
}

#[tokio::test]
async fn a_slow_body_arrives_completely() {
    let (_provider, answer) = with(HttpFault::SlowBody(Duration::ZERO)).await;
    assert!(answer.unwrap().json::<Value>().await.unwrap()["issuer"].is_string());
}

#[tokio::test]
async fn a_huge_body_has_the_content_of_the_correct_one() {
    for (fault, announced) in [
        (HttpFault::HugeBody(2_000_000), true),
        (HttpFault::HugeBodyInChunks(2_000_000), false),
    ] {
        let (provider, answer) = with(fault).await;
        let answer = answer.unwrap();
        assert_eq!(answer.content_length().is_some(), announced);
        let body = answer.bytes().await.unwrap();
        assert!(body.len() >= 2_000_000);
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["issuer"], provider.issuer());
    }
}

#[tokio::test]
async fn an_endless_body_exceeds_20_megabytes() {
    let (_provider, answer) = with(HttpFault::EndlessBody).await;
    let mut answer = answer.unwrap();
    let mut bytes = 0;
    while bytes < 20_000_000 {
        bytes += answer.chunk().await.unwrap().expect("an endless body").len();
    }
}

#[tokio::test]
async fn bodies_are_truncated_emptied_or_mislabelled() {
    let (_provider, answer) = with(HttpFault::InvalidJson).await;
    assert!(serde_json::from_slice::<Value>(&answer.unwrap().bytes().await.unwrap()).is_err());
    let (_provider, answer) = with(HttpFault::EmptyBody).await;
    assert!(answer.unwrap().bytes().await.unwrap().is_empty());
    let (_provider, answer) = with(HttpFault::ContentType("text/html")).await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html");
    assert!(answer.json::<Value>().await.is_ok());
}

#[tokio::test]
async fn bodies_are_compressed_although_the_client_does_not_accept_it() {
    let (provider, answer) = with(HttpFault::Gzip).await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
    let body = answer.bytes().await.unwrap();
    let body: Value = serde_json::from_reader(GzDecoder::new(&*body)).unwrap();
    assert_eq!(body["issuer"], provider.issuer());

    let (_provider, bomb) = with(HttpFault::GzipBomb(10_000_000)).await;
    let body = bomb.unwrap().bytes().await.unwrap();
    assert!(body.len() < 20_000);
    assert_eq!(
        io::copy(&mut GzDecoder::new(&*body), &mut io::sink()).unwrap(),
        10_000_000
    );
}

#[tokio::test]
async fn following_a_redirect_returns_the_correct_response_and_is_logged() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clear_log();
    provider.fault(HttpFault::Redirect(307).at(Endpoint::Token));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    let response = post(&provider, Endpoint::Token, &fields).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    let to = format!(
        "{}{}",
        provider.endpoint(),
        response.headers()[header::LOCATION].to_str().unwrap()
    );
    let request = http()
        .post(to)
        .basic_auth(provider.app_id(), Some(provider.app_secret()));
    assert_eq!(request.form(&fields).send().await.unwrap().status(), 200);
    assert_eq!(provider.requests(Endpoint::Token), 2);

    provider.clear_faults();
    provider.fault(HttpFault::RedirectTo(302, "https://evil.example.com/".to_owned()).at(Endpoint::Token));
    let response = post(&provider, Endpoint::Token, &fields).await;
    assert_eq!(response.headers()[header::LOCATION], "https://evil.example.com/");
    provider.clear_faults();
    assert_eq!(refresh(&provider, &token, &[]).await.0, 200);
}
