//! A user who has lost access to the app.

use http::StatusCode;

use super::{Guarded, HOUR};

/// A sign-in would lead to the same refusal.
#[tokio::test]
async fn a_guarded_page_offers_a_sign_out_and_no_sign_in_to_a_user_who_has_lost_access() {
    let app = Guarded::start().await;
    let browser = app.signed_in("ada").await;
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(HOUR + 1);
    let page = browser.get("/member").await;
    assert_eq!((page.status(), page.path()), (StatusCode::FORBIDDEN, "/member"));
    assert_eq!(page.forms().len(), 1, "{page:?}");
    assert!(!page.body().contains("for members"), "{page:?}");
    let sign_out = browser.submit(&page.form("/sign-out")).without_redirects().await;
    assert_eq!(sign_out.status(), StatusCode::SEE_OTHER);
}
