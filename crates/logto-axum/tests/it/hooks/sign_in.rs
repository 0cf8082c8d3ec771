//! The hook that decides whether a sign-in becomes a session.

use std::future::pending;

use http::StatusCode;
use logto_axum::{AppData, Paths, SignInRefusal, WebConfig};
use logto_testing::Endpoint;

use super::{channel, while_time_passes, with_store};
use crate::{
    app::{App, BASE, SESSION},
    app_data::with_routes,
    faulty_store::FaultyStore,
};

#[tokio::test]
async fn a_session_begins_with_the_data_of_the_hook() {
    for store in [None, Some(FaultyStore::default())] {
        let app = App::configured(|web| {
            with_store(web, store)
                .with_on_sign_in(|event| async move { Ok(AppData::new(&format!("account of {}", event.user_id()))?) })
        });
        let app = with_routes(app.await);
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/data").await.body, "account of usr_ada");
    }
}

#[tokio::test]
async fn a_hook_may_allow_a_sign_in_without_data() {
    let app = App::configured(|web| web.with_on_sign_in(|_| async { Ok(()) })).await;
    let app = with_routes(app);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/data").await.body, "none");
}

#[tokio::test]
async fn the_hook_gets_claims_userinfo_and_tokens_and_its_debug_output_has_none() {
    let (sender, mut events) = channel();
    let app = App::configured(|web| {
        web.with_on_sign_in(move |event| {
            let sender = sender.clone();
            async move {
                let theme = event.user_info().await?.custom_data.map(|data| data["theme"].clone());
                sender.send((event, theme)).unwrap();
                Ok(())
            }
        })
    })
    .await;
    app.signed_in("ada").await;
    let (event, theme) = events.recv().await.unwrap();
    assert_eq!(event.claims().profile.display_name(), Some("Ada Lovelace"));
    assert_eq!(theme, Some("dark".into()));
    let session = event.session();
    assert!(session.refresh_token().is_some());
    assert_eq!(event.session_id(), session.id());
    assert_eq!(event.client().config().app_id(), "app");
    assert_eq!(format!("{event:?}"), r#"SignInEvent { user_id: "usr_ada", .. }"#);
}

#[tokio::test]
async fn the_hook_learns_whether_logto_created_the_account_during_the_sign_in() {
    let (sender, mut events) = channel();
    let app = App::configured(|web| {
        web.with_on_sign_in(move |event| {
            sender.send(event.is_new_account()).unwrap();
            async { Ok(()) }
        })
    })
    .await;
    app.signed_in("ada").await;
    assert_eq!(events.recv().await, Some(Some(false)));
    let now = app.provider.clock().now();
    app.provider.update_user("ada", |user| user.created_at = now * 1000);
    app.signed_in("ada").await;
    assert_eq!(events.recv().await, Some(Some(true)));
    app.provider.tweak_id_token(|claims| drop(claims.remove("created_at")));
    app.signed_in("ada").await;
    assert_eq!(events.recv().await, Some(None));
}

fn refusing(web: WebConfig) -> WebConfig {
    web.with_on_sign_in(|event| async move {
        if event.user_id() == "usr_bob" {
            return Err(SignInRefusal::new("account_blocked", "Your <b>account</b> is blocked."));
        }
        Ok(())
    })
}

#[tokio::test]
async fn a_refused_user_has_no_session_and_no_grant_and_the_app_gets_its_code() {
    let app = App::configured(refusing).await;
    app.provider.sign_in_as("bob");
    let browser = app.browser();
    let answer = browser.sign_in("/me").await;
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=account_blocked&return_to=%2Fme")
    );
    assert!(!browser.has(SESSION));
    assert_eq!(browser.transactions(), 0);
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
    app.provider.sign_in_as("ada");
    assert_eq!(browser.sign_in("/me").await.location(), format!("{BASE}/me"));
}

#[tokio::test]
async fn a_refused_sign_in_does_not_end_the_session_before_it() {
    let app = App::configured(refusing).await;
    let browser = app.signed_in("ada").await;
    app.provider.sign_in_as("bob");
    assert!(browser.sign_in("/").await.location().contains("account_blocked"));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 0);
    assert_eq!(browser.get("/id-token").await.body, "usr_ada");
}

#[tokio::test]
async fn the_plain_page_shows_the_text_of_the_app_and_no_text_of_a_link() {
    let app = App::configured(|web| refusing(web).with_paths(Paths::default())).await;
    app.provider.sign_in_as("bob");
    let location = app.browser().sign_in("/me").await.location();
    let page = location.strip_prefix(BASE).unwrap();
    let answer = app.browser().get(page).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    for part in [
        "Your &lt;b&gt;account&lt;/b&gt; is blocked.",
        "<code>account_blocked</code>",
        "name=\"return_to\" value=\"/me\"",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    let forged = [
        page.replace("account_blocked", "account_deleted"),
        page.replace("refusal=", "refusal=A"),
        "/callback?failed=account_blocked&refusal=Call+us".to_owned(),
    ];
    for forged in forged {
        let answer = app.browser().get(&forged).await;
        assert!(
            answer.body.contains("<code>unknown_error</code>"),
            "{forged} {}",
            answer.body
        );
        assert!(
            !answer.body.contains("blocked") && !answer.body.contains("Call us"),
            "{}",
            answer.body
        );
    }
    app.provider.clock().advance(601);
    let answer = app.browser().get(page).await;
    assert!(answer.body.contains("<code>unknown_error</code>"), "{}", answer.body);
}

#[tokio::test]
async fn an_invalid_code_of_the_app_reaches_no_address() {
    for code in ["", "Blocked", "a b", "x&y=z", &"x".repeat(65)] {
        let code = code.to_owned();
        let app = App::configured(|web| {
            web.with_on_sign_in(move |_| {
                let refusal = SignInRefusal::new(code.clone(), "");
                async { Err::<(), _>(refusal) }
            })
        })
        .await;
        app.provider.sign_in_as("ada");
        let location = app.browser().sign_in("/").await.location();
        assert_eq!(location, format!("{BASE}/failed?code=sign_in_refused"));
    }
}

#[tokio::test]
async fn a_hook_that_hangs_refuses_the_sign_in_and_keeps_the_return_path() {
    let app = App::configured(|web| web.with_on_sign_in(|_| pending::<Result<(), _>>())).await;
    app.provider.sign_in_as("ada");
    let (browser, clock) = (app.browser(), app.provider.clock());
    let (answer, ()) = tokio::join!(browser.sign_in("/me"), clock.end_sleep());
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=sign_in_hook_timed_out&retry_after=5&return_to=%2Fme")
    );
    assert!(!browser.has(SESSION));
    assert_eq!(app.provider.requests(Endpoint::Revocation), 1);
}

type Change = fn(WebConfig) -> WebConfig;

#[tokio::test]
async fn a_hook_that_fails_refuses_the_sign_in_and_hides_the_reason() {
    let failing: [(&str, Change); 3] = [
        ("an error", |web| {
            web.with_on_sign_in(|_| async {
                let row: Result<u64, _> = Err(std::io::Error::other("the s3cret of the database"));
                Ok(AppData::new(&row?)?)
            })
        }),
        ("a panic", |web| {
            web.with_on_sign_in(|event| async move {
                assert_eq!(event.user_id(), "the s3cret");
                Ok(())
            })
        }),
        ("too much data", |web| {
            web.with_on_sign_in(|_| async { Ok(AppData::new(&"x".repeat(511))?) })
        }),
    ];
    for (what, fail) in failing {
        let app = App::configured(fail).await;
        app.provider.sign_in_as("ada");
        let browser = app.browser();
        let answer = browser.sign_in("/me").await;
        assert_eq!(
            answer.location(),
            format!("{BASE}/failed?code=sign_in_hook_failed&return_to=%2Fme"),
            "{what}"
        );
        assert!(
            !browser.has(SESSION) && !format!("{answer:?}").contains("s3cret"),
            "{what}"
        );
        assert_eq!(app.provider.requests(Endpoint::Revocation), 1, "{what}");
    }
}

#[tokio::test]
async fn the_plain_page_about_a_failed_hook_has_a_status_of_the_server() {
    let hooks: [(Change, StatusCode, &str); 2] = [
        (
            |web| web.with_on_sign_in(|_| async { Err::<(), _>(std::io::Error::other("no connection").into()) }),
            StatusCode::INTERNAL_SERVER_ERROR,
            "sign_in_hook_failed",
        ),
        (
            |web| web.with_on_sign_in(|_| pending::<Result<(), _>>()),
            StatusCode::SERVICE_UNAVAILABLE,
            "sign_in_hook_timed_out",
        ),
    ];
    for (hook, status, code) in hooks {
        let app = App::configured(|web| hook(web).with_paths(Paths::default())).await;
        app.provider.sign_in_as("ada");
        let browser = app.browser();
        let location = while_time_passes(app.provider.clock(), browser.sign_in("/me"))
            .await
            .location();
        let page = browser.get(location.strip_prefix(BASE).unwrap()).await;
        assert_eq!(page.status, status, "{page:?}");
        let is_transient = status == StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(page.headers.contains_key("retry-after"), is_transient, "{page:?}");
        for part in [&format!("<code>{code}</code>"), "name=\"return_to\" value=\"/me\""] {
            assert!(page.body.contains(part), "{part} in {}", page.body);
        }
    }
}
