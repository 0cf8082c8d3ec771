//! SIGTERM: the app tells load balancers, goes on for a while, and ends.

use std::time::Duration;

use logto_testing::TestProvider;
use reqwest::StatusCode;

use crate::process::AppProcess;

async fn status(address: &str, path: &str) -> StatusCode {
    // A connection of its own, as a check by a load balancer.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.get(format!("http://{address}{path}")).send().await;
    response.unwrap().status()
}

#[tokio::test]
async fn after_sigterm_the_app_is_not_ready_and_serves_requests_for_the_delay() {
    let address = AppProcess::free_address();
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("http://{address}/callback"))
        .start()
        .await;
    let settings = [
        ("LOGTO_STORE_URL", "memory:".to_owned()),
        ("LOGTO_DRAIN_DELAY", "3".to_owned()),
    ];
    let mut app = AppProcess::start_with(&address, &provider, settings).await;
    assert_eq!(status(&address, "/ready").await, StatusCode::OK);
    app.terminate();
    let draining = async {
        while status(&address, "/ready").await == StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(2), draining).await.unwrap();
    assert_eq!(status(&address, "/ready").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(&address, "/health").await, StatusCode::OK);
    let ended = tokio::task::spawn_blocking(move || app.wait());
    let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
    assert!(ended.expect("the app has ended").unwrap(), "without an error");
}
