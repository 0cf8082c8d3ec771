//! Failures below the protocol: each ends in a typed error, within its time limit and with bounded
//! memory.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::Duration,
};

use logto::{
    AccessTokenError, AccessTokenRules, Diagnose as _, DiscoveryError, HttpLimits, RequestError, SignOutError,
    SignedIn, TokenError, TokenTarget, UserInfoError,
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, TestProvider};

use crate::harness::{Harness, MAX_BODY, client, in_time, text};

/// The endpoints whose responses the client reads.
const ENDPOINTS: [Endpoint; 4] = [Endpoint::Discovery, Endpoint::Jwks, Endpoint::Token, Endpoint::UserInfo];

/// A signed-in user, and a client that has cached the metadata but not the keys.
struct Case {
    harness: Harness,
    signed_in: SignedIn,
    limit: Duration,
}

impl Case {
    /// The time limit is short only where it ends the request, so that a busy machine does not
    /// affect other cases.
    async fn of(fault: &HttpFault) -> Self {
        let limit = match fault {
            HttpFault::Hang | HttpFault::StallBody | HttpFault::SlowBody(_) => Duration::from_millis(300),
            _ => Duration::from_secs(4),
        };
        let mut harness = Harness::start().await;
        let signed_in = harness.sign_in().await;
        harness.limit(limit).await;
        Self {
            harness,
            signed_in,
            limit,
        }
    }

    /// The error of a request to an endpoint with this fault.
    async fn error(&self, endpoint: Endpoint, fault: &HttpFault) -> RequestError {
        let provider = &self.harness.provider;
        provider.fault(fault.clone().at(endpoint));
        provider.clear_log();
        let error = in_time(self.ask(endpoint)).await;
        assert_eq!(
            provider.requests(endpoint),
            1,
            "one request: no retry, and no redirect followed"
        );
        provider.clear_faults();
        error
    }

    async fn ask(&self, endpoint: Endpoint) -> RequestError {
        let (client, signed_in) = (&self.harness.client, &self.signed_in);
        match endpoint {
            Endpoint::Discovery => match self.harness.limited_client(self.limit).metadata().await.unwrap_err() {
                DiscoveryError::Request(error) => error,
                other => panic!("{other:?}"),
            },
            Endpoint::Jwks => {
                let token = self
                    .harness
                    .provider
                    .access_token("ada", DEFAULT_RESOURCE, &[], |_| {})
                    .into();
                let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
                match client.verify_access_token(&token, &rules).await.unwrap_err() {
                    AccessTokenError::Keys(DiscoveryError::Request(error)) => error,
                    other => panic!("{other:?}"),
                }
            }
            Endpoint::Token => match self
                .harness
                .refresh(signed_in, &TokenTarget::USER_INFO)
                .await
                .unwrap_err()
            {
                TokenError::Request(error) => error,
                other => panic!("{other:?}"),
            },
            Endpoint::UserInfo => match client.user_info(&signed_in.access_token, "usr_ada").await.unwrap_err() {
                UserInfoError::Request(error) => error,
                other => panic!("{other:?}"),
            },
            Endpoint::Revocation => match client
                .revoke(signed_in.refresh_token.as_ref().unwrap())
                .await
                .unwrap_err()
            {
                SignOutError::Request(error) => error,
                other => panic!("{other:?}"),
            },
            _ => panic!("only the browser requests {endpoint:?}"),
        }
    }
}

async fn error_at(endpoint: Endpoint, fault: HttpFault) -> RequestError {
    Case::of(&fault).await.error(endpoint, &fault).await
}

async fn each_rejects(fault: HttpFault, expected: impl Fn(&RequestError) -> bool) {
    let case = Case::of(&fault).await;
    for endpoint in ENDPOINTS {
        let error = case.error(endpoint, &fault).await;
        assert!(expected(&error), "{endpoint:?} {fault:?}: {error:?}");
    }
}

fn is_invalid(error: &RequestError) -> bool {
    matches!(error, RequestError::InvalidResponse(_)) && !error.is_transient()
}

fn is_timed_out(error: &RequestError) -> bool {
    *error == RequestError::TimedOut && error.is_transient()
}

fn is_unreachable(error: &RequestError) -> bool {
    *error == RequestError::Unreachable && error.is_transient()
}

fn is_too_large(error: &RequestError) -> bool {
    *error == RequestError::TooLarge { limit: MAX_BODY } && !error.is_transient()
}

#[tokio::test]
async fn rejects_a_content_length_above_the_limit() {
    each_rejects(HttpFault::HugeBody(1_000_000), is_too_large).await;
}

/// The error of a request to a server that sends `head`, then repeats `more` without end. An empty
/// `more` is not sent.
async fn error_of(head: impl Into<String>, more: &'static str) -> RequestError {
    let head = head.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Reads the beginning of the request.
        assert_ne!(stream.read(&mut [0; 4096]).unwrap(), 0);
        let mut sent = stream.write_all(head.as_bytes());
        while sent.is_ok() && !more.is_empty() {
            sent = stream.write_all(more.as_bytes());
        }
        // Waits until the client closes the connection.
        drop(stream.read_to_end(&mut Vec::new()));
    });
    let provider = TestProvider::start().await;
    let client = client(&provider, |config| {
        config
            .with_endpoint(address)
            .with_http_limits(HttpLimits::default().with_max_body(MAX_BODY))
    });
    let error = in_time(client.metadata()).await.unwrap_err();
    drop(client);
    server.await.unwrap();
    match error {
        DiscoveryError::Request(error) => error,
        other => panic!("{other:?}"),
    }
}

/// A client that waits for the body would time out.
#[tokio::test]
async fn rejects_a_content_length_above_the_limit_without_waiting_for_the_body() {
    let error = error_of("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n{", "").await;
    assert!(is_too_large(&error), "{error:?}");
}

/// hyper limits the size of the head.
#[tokio::test]
async fn rejects_an_endless_head() {
    let error = error_of("HTTP/1.1 200 OK\r\n", "x-more: of the same\r\n").await;
    assert!(is_unreachable(&error), "{error:?}");
    let error = error_of("HTTP/1.1 200 OK\r\nx-long: ", "of the same").await;
    assert!(is_unreachable(&error), "{error:?}");
}

/// A megabyte of brackets can exhaust the stack of a recursive parser.
#[tokio::test]
async fn rejects_deeply_nested_json() {
    let brackets = "[".repeat(MAX_BODY / 2);
    for body in [
        brackets.clone(),
        format!("{{\"issuer\":{brackets}"),
        format!("{{\"x\":{brackets}"),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let error = error_of(head, "").await;
        assert!(is_invalid(&error), "{error:?}");
    }
}

#[tokio::test]
async fn rejects_a_chunked_body_above_the_limit() {
    each_rejects(HttpFault::HugeBodyInChunks(1_000_000), is_too_large).await;
}

#[tokio::test]
async fn rejects_an_endless_body() {
    each_rejects(HttpFault::EndlessBody, is_too_large).await;
}

#[tokio::test]
async fn rejects_a_slow_body() {
    each_rejects(HttpFault::SlowBody(Duration::from_millis(20)), is_timed_out).await;
}

#[tokio::test]
async fn rejects_a_body_that_stops_in_the_middle() {
    each_rejects(HttpFault::StallBody, is_timed_out).await;
}

#[tokio::test]
async fn rejects_a_server_that_never_responds() {
    each_rejects(HttpFault::Hang, is_timed_out).await;
    assert!(is_timed_out(&error_at(Endpoint::Revocation, HttpFault::Hang).await));
}

#[tokio::test]
async fn rejects_a_broken_connection_without_retrying() {
    each_rejects(HttpFault::Reset, is_unreachable).await;
    each_rejects(HttpFault::Close, is_unreachable).await;
    each_rejects(HttpFault::LoseAnswer, is_unreachable).await;
    assert!(is_unreachable(&error_at(Endpoint::Revocation, HttpFault::Reset).await));
}

#[tokio::test]
async fn rejects_invalid_json() {
    each_rejects(HttpFault::InvalidJson, is_invalid).await;
    each_rejects(HttpFault::EmptyBody, is_invalid).await;
}

#[tokio::test]
async fn rejects_a_compressed_response_without_decompressing_it() {
    each_rejects(HttpFault::Gzip, is_invalid).await;
    each_rejects(HttpFault::GzipBomb(1_000_000), is_invalid).await;
}

#[tokio::test]
async fn rejects_redirects_without_following_them() {
    for status in [301, 302, 303, 307, 308] {
        let expected = |error: &RequestError| *error == RequestError::UnexpectedStatus(status) && !error.is_transient();
        each_rejects(HttpFault::Redirect(status), expected).await;
        assert!(expected(
            &error_at(Endpoint::Revocation, HttpFault::Redirect(status)).await
        ));
    }
}

#[tokio::test]
async fn a_busy_or_failing_provider_is_a_transient_error() {
    for status in [408, 429, 500, 502, 503, 504] {
        let expected = RequestError::Unavailable {
            status,
            retry_after: Some(Duration::from_secs(30)),
        };
        let fault = HttpFault::RetryAfter(status, "30");
        each_rejects(fault.clone(), |error| *error == expected && error.is_transient()).await;
        assert_eq!(error_at(Endpoint::Revocation, fault).await, expected);
    }
}

/// Every operation passes on `Retry-After`.
#[tokio::test]
async fn the_error_of_every_operation_has_retry_after() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let cold = harness.another_client();
    let token = harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &[], |_| {})
        .into();
    for endpoint in [
        Endpoint::Jwks,
        Endpoint::Token,
        Endpoint::UserInfo,
        Endpoint::Revocation,
    ] {
        harness.provider.fault(HttpFault::RetryAfter(429, "9").at(endpoint));
    }
    let rules = AccessTokenRules::resource(DEFAULT_RESOURCE);
    let refresh_token = signed_in.refresh_token.as_ref().unwrap();
    let waits = [
        harness.try_sign_in().await.unwrap_err().retry_after(),
        harness
            .refresh(&signed_in, &TokenTarget::USER_INFO)
            .await
            .unwrap_err()
            .retry_after(),
        harness
            .client
            .user_info(&signed_in.access_token, "usr_ada")
            .await
            .unwrap_err()
            .retry_after(),
        harness.client.revoke(refresh_token).await.unwrap_err().retry_after(),
        cold.verify_access_token(&token, &rules)
            .await
            .unwrap_err()
            .retry_after(),
    ];
    assert_eq!(waits, [Some(Duration::from_secs(9)); 5]);
}

#[tokio::test]
async fn a_date_in_retry_after_is_ignored() {
    let fault = HttpFault::RetryAfter(503, "Wed, 21 Oct 2026 07:28:00 GMT");
    let expected = RequestError::Unavailable {
        status: 503,
        retry_after: None,
    };
    each_rejects(fault, |error| *error == expected).await;
}

#[tokio::test]
async fn rejects_a_proxys_error_page() {
    let case = Case::of(&HttpFault::Status(400)).await;
    for endpoint in [
        Endpoint::Discovery,
        Endpoint::Jwks,
        Endpoint::UserInfo,
        Endpoint::Revocation,
    ] {
        for status in [400, 403, 404] {
            let error = case.error(endpoint, &HttpFault::Status(status)).await;
            assert_eq!(error, RequestError::UnexpectedStatus(status), "{endpoint:?}");
        }
    }
    for status in [400, 401, 403, 404] {
        let error = case.error(Endpoint::Token, &HttpFault::Status(status)).await;
        assert_eq!(error, RequestError::InvalidResponse("the token response"));
    }
}

#[tokio::test]
async fn rejects_a_redirect_to_another_host_without_sending_a_secret() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/", elsewhere.local_addr().unwrap());
    each_rejects(HttpFault::RedirectTo(307, address), |error| {
        *error == RequestError::UnexpectedStatus(307)
    })
    .await;
    assert!(elsewhere.accept().is_err(), "the other host received no request");
}

#[tokio::test]
async fn a_lost_response_can_be_requested_again() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault_once(HttpFault::LoseAnswer.at(Endpoint::Token));
    harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    let tokens = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    assert!(!text(&tokens.access_token.secret).is_empty());
}
