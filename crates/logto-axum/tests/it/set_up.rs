//! The self-check: its findings, and their effect on sign-ins.

use std::pin::pin;

use http::StatusCode;
use logto_axum::{AddressPurpose, AddressToRegister, Diagnose as _, Registration, SetUpFinding};
use logto_testing::{Endpoint, HttpFault, TestProvider};
use serde_json::Value;

use crate::app::{App, BASE};

const UNREGISTERED: &str = "http://localhost:3000/elsewhere";

fn codes(findings: &[SetUpFinding]) -> Vec<&'static str> {
    findings.iter().map(SetUpFinding::code).collect()
}

/// Runs the self-check. Ends each of its pauses, at which it calls `meanwhile` with the number of
/// pauses so far. Returns the lengths of the pauses in seconds.
async fn pauses_of_watch(app: &App, mut meanwhile: impl FnMut(usize)) -> Vec<u64> {
    let clock = app.provider.clock();
    let mut pauses = Vec::new();
    let mut watch = pin!(app.logto.clone().watch_set_up());
    loop {
        let start = clock.now();
        tokio::select! {
            biased;
            () = &mut watch => return pauses,
            () = clock.end_sleep() => {}
        }
        pauses.push(clock.now() - start);
        meanwhile(pauses.len());
    }
}

async fn app_with_unregistered_callback(has_error_page: bool) -> App {
    App::configured(|web| {
        let paths = logto_axum::Paths::default().with_callback("/elsewhere");
        web.with_paths(if has_error_page {
            paths.with_error("/failed")
        } else {
            paths
        })
    })
    .await
}

#[tokio::test]
async fn a_correct_set_up_has_no_findings() {
    let app = App::start().await;
    assert_eq!(app.logto.check_set_up().await, []);
}

#[tokio::test]
async fn the_self_check_reports_the_sample_cookie_secret() {
    let app = App::configured(|web| {
        let secrets = [web.cookie_secrets(), &["a secret of thirty-two bytes or more".into()]].concat();
        web.with_cookie_secrets(secrets)
    })
    .await;
    assert_eq!(codes(&app.logto.check_set_up().await), ["cookie_secret_sample"]);
}

#[tokio::test]
async fn the_self_check_reports_an_unavailable_provider_while_the_app_serves() {
    let app = App::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    assert_eq!(codes(&app.logto.check_set_up().await), ["provider_unavailable"]);
    assert_eq!(app.browser().get("/").await.body, "anonymous");
    app.provider.clear_faults();
    assert_eq!(app.logto.check_set_up().await, []);
    app.signed_in("ada").await;
}

#[tokio::test]
async fn requests_do_not_wait_for_the_self_check() {
    let app = App::start().await;
    let gate = app.provider.hold(Endpoint::Discovery);
    let check = tokio::spawn(app.logto.clone().watch_set_up());
    app.provider.wait_for_requests(Endpoint::Discovery, 1).await;
    assert_eq!(app.browser().get("/").await.body, "anonymous");
    assert!(!check.is_finished());
    gate.release();
    check.await.unwrap();
}

#[tokio::test]
async fn the_self_check_is_repeated_at_least_every_minute_while_the_provider_is_unavailable() {
    let app = App::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let pauses = pauses_of_watch(&app, |count| {
        if count == 6 {
            app.provider.clear_faults();
        }
    });
    assert_eq!(pauses.await, [5, 10, 20, 40, 60, 60]);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_about_the_callback_is_asked_again_after_up_to_an_hour() {
    let app = app_with_unregistered_callback(true).await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Authorization));
    let pauses = pauses_of_watch(&app, |count| match count {
        11 => app.provider.fault(HttpFault::Reset.at(Endpoint::Authorization)),
        12 => app.provider.clear_faults(),
        _ => {}
    });
    assert_eq!(pauses.await, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
    let answer = app.browser().post("/sign-in", "").await;
    assert!(
        answer.location().ends_with("?code=redirect_uri_not_registered"),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn the_self_check_reports_the_address_of_an_unregistered_callback() {
    let app = app_with_unregistered_callback(true).await;
    let findings = app.logto.check_set_up().await;
    assert_eq!(findings, [SetUpFinding::RedirectUriNotRegistered(UNREGISTERED.into())]);
    assert!(findings[0].to_string().contains(UNREGISTERED));
}

#[tokio::test]
async fn the_self_check_reports_the_address_of_an_unregistered_post_sign_out_redirect_uri() {
    // Registered without the trailing slash.
    let provider = TestProvider::builder()
        .client("app", "secret")
        .post_logout_redirect_uri(BASE);
    let app = App::with(provider.start().await, |web| web);
    let findings = app.logto.check_set_up().await;
    let expected = SetUpFinding::PostSignOutRedirectUriNotRegistered(format!("{BASE}/"));
    assert_eq!(findings, [expected]);
    assert!(
        findings[0].to_string().contains(&format!("{BASE}/: ")),
        "{}",
        findings[0]
    );
    assert_eq!(codes(&findings), ["post_sign_out_redirect_uri_not_registered"]);
}

#[tokio::test]
async fn a_provider_without_an_end_session_endpoint_needs_no_post_sign_out_redirect_uri() {
    let provider = TestProvider::builder().client("app", "secret");
    let provider = provider.metadata("end_session_endpoint", Value::Null).start().await;
    assert_eq!(App::with(provider, |web| web).logto.check_set_up().await, []);
}

#[tokio::test]
async fn a_sign_in_with_an_unregistered_callback_ends_on_the_error_page() {
    let app = app_with_unregistered_callback(true).await;
    app.logto.check_set_up().await;
    let browser = app.browser();
    let answer = browser.post("/sign-in", "").await;
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=redirect_uri_not_registered")
    );
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn the_plain_error_page_shows_the_address_to_register() {
    let app = app_with_unregistered_callback(false).await;
    app.logto.check_set_up().await;
    let browser = app.browser();
    let failed = browser.post("/sign-in", "").await.location();
    let answer = browser.get(failed.strip_prefix(BASE).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains(UNREGISTERED), "{}", answer.body);
}

#[tokio::test]
async fn a_sign_in_proceeds_if_the_registration_cannot_be_checked() {
    let app = app_with_unregistered_callback(true).await;
    app.logto.check_set_up().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Authorization));
    let answer = app.browser().post("/sign-in", "").await;
    assert!(
        answer
            .location()
            .starts_with(&app.provider.url(Endpoint::Authorization))
    );
}

#[tokio::test]
async fn a_sign_in_waits_two_seconds_for_the_check_of_the_registration() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_long_time_limit(provider, |web| {
        web.with_paths(logto_axum::Paths::default().with_callback("/elsewhere"))
    });
    app.logto.check_set_up().await;
    let _held = app.provider.hold(Endpoint::Authorization);
    let clock = app.provider.clock();
    let start = clock.now();
    let browser = app.browser();
    let (answer, ()) = tokio::join!(browser.post("/sign-in", ""), clock.end_sleep());
    assert_eq!(clock.now() - start, 2);
    assert!(
        answer
            .location()
            .starts_with(&app.provider.url(Endpoint::Authorization))
    );
}

#[tokio::test]
async fn a_sign_in_with_a_registered_callback_makes_no_extra_request() {
    let app = App::start().await;
    app.logto.check_set_up().await;
    let before = app.provider.requests(Endpoint::Authorization);
    app.browser().post("/sign-in", "").await;
    assert_eq!(app.provider.requests(Endpoint::Authorization), before);
}

fn states(addresses: &[AddressToRegister]) -> Vec<Registration> {
    addresses.iter().map(AddressToRegister::registration).collect()
}

#[tokio::test]
async fn the_addresses_to_register_have_the_state_that_the_provider_reports() {
    use Registration::{Registered, Undecided};

    let app = App::start().await;
    let addresses = app.logto.addresses_to_register().await;
    let shown: Vec<_> = addresses.iter().map(|one| (one.purpose(), one.address())).collect();
    let expected = [
        (AddressPurpose::SignIn, format!("{BASE}/callback")),
        (AddressPurpose::SignOut, format!("{BASE}/")),
        (AddressPurpose::BackchannelLogout, format!("{BASE}/backchannel-logout")),
    ];
    assert_eq!(
        shown,
        expected
            .each_ref()
            .map(|(purpose, address)| (*purpose, address.as_str()))
    );
    assert_eq!(states(&addresses), [Registered, Registered, Undecided]);
}

#[tokio::test]
async fn an_address_that_is_not_registered_has_that_state() {
    let app = app_with_unregistered_callback(true).await;
    let addresses = app.logto.addresses_to_register().await;
    assert_eq!(addresses[0].address(), UNREGISTERED);
    assert_eq!(addresses[0].registration(), Registration::RedirectUriUnknown);
}

#[tokio::test]
async fn the_provider_is_asked_about_the_addresses_at_most_once_in_five_seconds() {
    use Registration::{Registered, Undecided};

    let app = App::start().await;
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    let asked = async || states(&app.logto.addresses_to_register().await);
    assert_eq!(asked().await, [Undecided; 3]);
    assert_eq!(codes(&app.logto.set_up_findings()), ["provider_unavailable"]);
    app.provider.clear_faults();
    app.provider.clock().advance(4);
    assert_eq!(asked().await, [Undecided; 3]);
    app.provider.clock().advance(1);
    assert_eq!(asked().await, [Registered, Registered, Undecided]);
    assert_eq!(app.logto.set_up_findings(), []);
}

#[tokio::test]
async fn a_page_waits_two_seconds_for_the_state_of_the_addresses() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_long_time_limit(provider, |web| web);
    let _held = app.provider.hold(Endpoint::Authorization);
    let clock = app.provider.clock();
    let start = clock.now();
    let (addresses, ()) = tokio::join!(app.logto.addresses_to_register(), clock.end_sleep());
    assert_eq!(clock.now() - start, 2);
    assert_eq!(states(&addresses), [Registration::Undecided; 3]);
}

#[tokio::test]
async fn a_check_that_outlives_its_page_completes_for_the_next_page() {
    use Registration::{Registered, Undecided};

    for leaves in [false, true] {
        let provider = TestProvider::builder().client("app", "secret").start().await;
        let app = App::with_long_time_limit(provider, |web| web);
        let held = app.provider.hold(Endpoint::Authorization);
        if leaves {
            tokio::select! {
                _ = app.logto.addresses_to_register() => panic!("the provider does not answer"),
                () = app.provider.wait_for_requests(Endpoint::Authorization, 1) => {}
            }
        } else {
            let clock = app.provider.clock();
            tokio::join!(app.logto.addresses_to_register(), clock.end_sleep());
        }
        let next = app.logto.addresses_to_register();
        let (next, ()) = tokio::join!(next, async { held.release() });
        assert_eq!(states(&next), [Registered, Registered, Undecided], "leaves: {leaves}");
        assert_eq!(
            app.provider.requests(Endpoint::Authorization),
            1,
            "both pages share the check"
        );
    }
}

#[tokio::test]
async fn an_address_without_an_answer_is_undecided_even_if_it_was_registered_before() {
    use Registration::{Registered, Undecided};

    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_long_time_limit(provider, |web| web);
    let addresses = app.logto.addresses_to_register().await;
    assert_eq!(states(&addresses), [Registered, Registered, Undecided]);
    let clock = app.provider.clock();
    clock.advance(5);
    let held = app.provider.hold(Endpoint::EndSession);
    let waits_long_enough = async {
        app.provider.wait_for_requests(Endpoint::EndSession, 2).await;
        clock.end_sleep().await;
    };
    let (addresses, ()) = tokio::join!(app.logto.addresses_to_register(), waits_long_enough);
    assert_eq!(states(&addresses), [Registered, Undecided, Undecided]);
    held.release();
    let addresses = app.logto.addresses_to_register().await;
    assert_eq!(states(&addresses), [Registered, Registered, Undecided]);
}

#[tokio::test]
async fn the_provider_is_asked_about_several_base_urls_at_once() {
    let provider = TestProvider::builder().client("app", "secret").start().await;
    let app = App::with_long_time_limit(provider, |web| {
        web.with_further_base_url("http://localhost:3001")
            .with_further_base_url("http://localhost:3002")
    });
    let held = app.provider.hold(Endpoint::Authorization);
    let all_asked = async {
        app.provider.wait_for_requests(Endpoint::Authorization, 3).await;
        held.release();
    };
    let (addresses, ()) = tokio::join!(app.logto.addresses_to_register(), all_asked);
    let sign_in = addresses
        .iter()
        .filter(|address| address.purpose() == AddressPurpose::SignIn);
    let states: Vec<_> = sign_in.map(AddressToRegister::registration).collect();
    assert_eq!(
        states,
        [
            Registration::Registered,
            Registration::RedirectUriUnknown,
            Registration::RedirectUriUnknown
        ]
    );
}

#[tokio::test]
async fn a_provider_that_never_answers_leaves_every_address_undecided() {
    let app = App::start().await;
    app.logto.addresses_to_register().await;
    app.provider.clock().advance(5);
    app.provider.fault(HttpFault::Hang.at(Endpoint::Authorization));
    app.provider.fault(HttpFault::Hang.at(Endpoint::EndSession));
    let addresses = app.logto.addresses_to_register().await;
    assert_eq!(states(&addresses), [Registration::Undecided; 3]);
    assert_eq!(
        app.logto.set_up_findings(),
        [],
        "the metadata is known, so nothing is wrong with the set-up"
    );
}
