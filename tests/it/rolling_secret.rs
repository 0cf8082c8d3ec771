//! The rollout of a new cookie secret to two processes: only one of them has it so far.

use logto_testing::{Lifetimes, TestProvider};

use crate::process::{AppProcess, Browser};

const OLD: &str = "the-secret-that-every-process-has-had";
const NEW: &str = "the-secret-that-one-process-has-already";
const ACTIVE: &str = "<code>active</code>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_out_a_new_cookie_secret_ends_no_session() {
    let addresses = [AppProcess::free_address(), AppProcess::free_address()];
    let base = format!("http://{}", addresses[0]);
    // Every page refreshes, so that it writes a new cookie.
    let lifetimes = Lifetimes::default().with_access_token(20);
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{base}/callback"))
        .lifetimes(lifetimes)
        .start()
        .await;
    let settings = |secrets: String| [("LOGTO_COOKIE_SECRET", secrets), ("LOGTO_BASE_URL", base.clone())];
    let _before = AppProcess::start_with(&addresses[0], &provider, settings(OLD.into())).await;
    let _after = AppProcess::start_with(&addresses[1], &provider, settings(format!("{NEW} {OLD}"))).await;
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
