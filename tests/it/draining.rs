//! SIGTERM: the app tells load balancers, finishes its requests, and ends. The health check of a
//! container.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use logto_testing::TestProvider;
use reqwest::StatusCode;

use crate::process::AppProcess;

const BODY: &str = "language=fr&return_to=/";
/// For a busy machine. The tests end long before.
const PATIENCE: Duration = Duration::from_secs(20);

async fn start(address: &str, drain_limit: &str) -> AppProcess {
    let provider = TestProvider::builder()
        .redirect_uri(&format!("http://{address}/callback"))
        .start()
        .await;
    AppProcess::start_with(address, &provider, [("LOGTO_DRAIN_LIMIT", drain_limit.to_owned())]).await
}

/// Sends a request without its body, and waits until the app reads the body.
fn open_request(address: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let length = BODY.len();
    let head = format!(
        "POST /language HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100"), "{line}");
    stream
}

fn wait_until_refused(address: &str) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "the app still accepts connections");
        thread::yield_now();
    }
}

#[tokio::test]
async fn a_request_in_flight_finishes_after_sigterm() {
    let address = AppProcess::free_address();
    let mut app = start(&address, "20").await;
    let mut request = open_request(&address);

    app.terminate();
    wait_until_refused(&address);
    request.get_mut().write_all(BODY.as_bytes()).unwrap();
    let mut response = String::new();
    request.read_to_string(&mut response).unwrap();

    assert!(response.contains("HTTP/1.1 303"), "{response}");
    assert!(response.contains("set-cookie: language=fr"), "{response}");
    assert_eq!(app.wait().code(), Some(0));
}

#[tokio::test]
async fn a_request_that_does_not_finish_delays_the_end_until_the_drain_limit() {
    let address = AppProcess::free_address();
    let mut app = start(&address, "1").await;
    let _request = open_request(&address);

    let terminated = Instant::now();
    app.terminate();
    assert_eq!(app.wait().code(), Some(0));
    let duration = terminated.elapsed();
    assert!(
        duration >= Duration::from_secs(1) && duration < PATIENCE,
        "{duration:?}"
    );
}

#[tokio::test]
async fn the_health_check_of_a_container_succeeds_while_the_app_runs() {
    let address = AppProcess::free_address();
    let mut app = start(&address, "1").await;
    assert_eq!(app.health().code(), Some(0));
    app.kill();
    assert_eq!(app.health().code(), Some(1));
}

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
    assert!(ended.expect("the app has ended").unwrap().success(), "without an error");
}
