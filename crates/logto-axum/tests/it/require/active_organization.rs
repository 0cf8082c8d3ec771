//! Requirements of the organization that the user has chosen.

use http::StatusCode;
use logto_axum::{active_organization, role};
use logto_testing::{Endpoint, HttpFault};

use super::{HOUR, allowed, facts::without_lists, guarded, guarded_with, outcome, refused};
use crate::app::Browser;

async fn choose(browser: &Browser<'_>, id: &str) {
    let answer = browser.post("/organization", &format!("organization_id={id}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{id} {answer:?}");
}

#[tokio::test]
async fn the_chosen_organization_decides() {
    let member = active_organization;
    for (required, in_acme, in_globex) in [
        (member(), true, true),
        (member().role("admin"), true, false),
        (member().role("member"), false, true),
        (member().scope("invite:members"), true, false),
        (member().role("owner"), false, false),
    ] {
        for app in [
            guarded(required.clone()).await,
            guarded_with(without_lists().await, required, |web| web),
        ] {
            let browser = app.signed_in("ada").await;
            assert_eq!(outcome(&browser).await, refused(403, "forbidden"), "none is chosen");
            for (id, is_met) in [("acme", in_acme), ("globex", in_globex)] {
                choose(&browser, id).await;
                let expected = if is_met {
                    allowed("ada")
                } else {
                    refused(403, "forbidden")
                };
                assert_eq!(outcome(&browser).await, expected, "{id}");
            }
            choose(&browser, "").await;
            assert_eq!(
                outcome(&browser).await,
                refused(403, "forbidden"),
                "none is chosen any more"
            );
        }
    }
}

#[tokio::test]
async fn a_user_who_has_left_the_chosen_organization_is_refused() {
    for app in [
        guarded(active_organization()).await,
        guarded_with(without_lists().await, active_organization(), |web| web),
    ] {
        let browser = app.signed_in("ada").await;
        choose(&browser, "acme").await;
        assert_eq!(outcome(&browser).await, allowed("ada"));
        app.provider
            .update_user("ada", |user| user.memberships.retain(|it| it.organization_id != "acme"));
        app.provider.clock().advance(HOUR + 1);
        assert_eq!(outcome(&browser).await, refused(403, "forbidden"));
    }
}

#[tokio::test]
async fn an_unavailable_provider_allows_nothing_in_the_chosen_organization() {
    let app = guarded(active_organization().or(role("owner"))).await;
    let browser = app.signed_in("ada").await;
    choose(&browser, "acme").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.fault(HttpFault::Status(500).at(Endpoint::Token));
    assert_eq!(outcome(&browser).await.0, 503);
}
