//! Metrics of the running app.

use logto_testing::{SigningAlgorithm, TestProvider};

use crate::process::{AppProcess, Browser};

async fn text_of(address: &str) -> String {
    let response = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap();
    assert!(content_type.starts_with("text/plain; version=0.0.4"), "{content_type}");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_app_serves_metrics_at_an_address_of_their_own() {
    let (address, metrics) = (AppProcess::free_address(), AppProcess::free_address());
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("http://{address}/callback"))
        .signing_algorithm(SigningAlgorithm::Rs256)
        .start()
        .await;
    let settings = [
        ("LOGTO_STORE_URL", "memory:".to_owned()),
        ("LOGTO_METRICS_ADDRESS", metrics.clone()),
    ];
    let _app = AppProcess::start_with(&address, &provider, settings).await;
    provider.sign_in_as("ada");
    let session = Browser::new(&address).sign_in(&provider).await.unwrap();
    Browser::new(&address).open("/", &session).await.unwrap();
    let text = text_of(&metrics).await;
    for line in [
        "# TYPE logto_sign_ins_total counter",
        "# TYPE logto_provider_request_duration_seconds histogram",
        "logto_sign_ins_total{result=\"ok\"} 1",
        "logto_sessions_total{store=\"memory\",event=\"created\"} 1",
        "logto_provider_request_duration_seconds_count{endpoint=\"token\",result=\"ok\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let at_app = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    assert_eq!(at_app.status(), 404, "the address of the app has no metrics");
}
