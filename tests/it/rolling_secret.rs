//! The rollout of a new cookie secret to two processes.

use logto_testing::{Lifetimes, TestProvider};

use crate::process::{AppProcess, Browser};

const OLD: &str = "the-secret-that-every-process-has-had";
const NEW: &str = "the-secret-that-one-process-has-already";
const ACTIVE: &str = "<code>active</code>";

/// Every page refreshes, so that it writes a new cookie.
async fn provider(base: &str) -> TestProvider {
    let lifetimes = Lifetimes::default().with_access_token(20);
    TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{base}/callback"))
        .lifetimes(lifetimes)
        .start()
        .await
}

async fn start(address: &str, base: &str, provider: &TestProvider, secrets: &str) -> AppProcess {
    let settings = [
        ("LOGTO_COOKIE_SECRET", secrets.to_owned()),
        ("LOGTO_BASE_URL", base.to_owned()),
    ];
    AppProcess::start_with(address, provider, settings).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_out_a_new_cookie_secret_ends_no_session() {
    let addresses = [AppProcess::free_address(), AppProcess::free_address()];
    let base = format!("http://{}", addresses[0]);
    let provider = provider(&base).await;
    let _before = start(&addresses[0], &base, &provider, OLD).await;
    let _after = start(&addresses[1], &base, &provider, &format!("{NEW} {OLD}")).await;
    let [before, after] = addresses.each_ref().map(|address| Browser::new(address));

    let mut session = before.sign_in(&provider).await.unwrap();
    let signed_in = session.clone();
    assert!(after.visit("/sessions", &mut session).await.unwrap().contains(ACTIVE));
    assert_ne!(session, signed_in, "sealed with the new secret");
    let rewritten = session.clone();
    assert!(!before.visit("/sessions", &mut session).await.unwrap().contains(ACTIVE));
    assert_eq!(
        session, rewritten,
        "the process without the new secret keeps the cookie"
    );
    assert!(after.visit("/sessions", &mut session).await.unwrap().contains(ACTIVE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_process_serves_every_session_while_a_cookie_secret_is_rotated_in_two_phases() {
    let addresses = [AppProcess::free_address(), AppProcess::free_address()];
    let base = format!("http://{}", addresses[0]);
    let provider = provider(&base).await;
    let mut processes = Vec::new();
    for address in &addresses {
        processes.push(start(address, &base, &provider, OLD).await);
    }
    let browsers = addresses.each_ref().map(|address| Browser::new(address));
    let mut session = browsers[0].sign_in(&provider).await.unwrap();

    // The last step comes two weeks later. Here every visit has sealed the session again.
    for secrets in [format!("{OLD} {NEW}"), format!("{NEW} {OLD}"), NEW.to_owned()] {
        for process in &mut processes {
            process.redeploy("LOGTO_COOKIE_SECRET", secrets.clone()).await;
            for browser in &browsers {
                let before = session.clone();
                let page = browser.visit("/sessions", &mut session).await.unwrap();
                assert!(page.contains(ACTIVE), "{secrets}");
                assert_ne!(session, before, "{secrets}");
            }
        }
    }
}
