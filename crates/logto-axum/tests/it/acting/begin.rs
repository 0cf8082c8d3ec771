//! A user acts as another user, and calls APIs as this user.

use super::*;

#[tokio::test]
async fn a_user_acts_as_another_one_and_stops() {
    for store in stores() {
        let put = put(store.as_ref());
        let app = app(&put).await;
        let browser = app.signed_in("ada").await;
        assert_not_acting(&browser).await;
        act_as(&browser, "bob").await;
        let until = app.provider.clock().now() + 3600;
        assert_eq!(acting(&browser).await, format!("Bob Reader until {until}"));
        let (ada, bob) = (id(&app, "ada"), id(&app, "bob"));
        let wanted = format!("{bob} by {ada}: read:products");
        assert_eq!(browser.get("/token-as").await.body, wanted);
        let other = with_routes(app.second_instance(&put));
        let copy = other.browser_with(browser.cookies.borrow().clone());
        assert_eq!(copy.get("/token-as").await.body, wanted, "in another process");
        assert_eq!(browser.post("/stop", "").await.status, StatusCode::OK);
        assert_not_acting(&browser).await;
        assert_eq!(browser.get("/own").await.body, "true Ada Lovelace Ada Lovelace true");
    }
}

/// The kept token is the subject of the second exchange, and the user's own token is the actor of
/// both.
#[tokio::test]
async fn each_exchange_names_the_user_of_the_session_as_the_actor() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    browser.get("/token-as").await;
    let exchanges = exchanges(&app);
    let values = |name| exchanges.iter().map(move |request| request.params.get(name));
    let types: Vec<_> = values("subject_token_type").collect();
    let impersonation = Some("urn:logto:token-type:impersonation_token");
    assert_eq!(
        types,
        [impersonation, Some("urn:ietf:params:oauth:token-type:access_token")]
    );
    let actors: Vec<_> = values("actor_token").collect();
    assert!(actors[0].is_some() && actors[0] == actors[1]);
    assert_eq!(exchanges[0].scope(), Some("email openid profile"));
    assert_eq!(exchanges[1].scope(), Some("read:products write:products"));
}

#[tokio::test]
async fn the_session_stays_that_of_its_own_user() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    let before = (browser.get("/own").await.body, browser.get("/claims").await.body);
    assert_eq!(before.0, "true Ada Lovelace Ada Lovelace true");
    act_as(&browser, "bob").await;
    let after = (browser.get("/own").await.body, browser.get("/claims").await.body);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_user_who_acts_already_acts_as_the_new_one() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    act_as(&browser, "carol").await;
    assert!(acting(&browser).await.starts_with("carol until"));
    assert_eq!(logged(&app, Endpoint::Revocation).len(), 1, "Bob's token is revoked");
    let wanted = format!("{} by {}: ", id(&app, "carol"), id(&app, "ada"));
    assert_eq!(browser.get("/token-as").await.body, wanted);
}

/// Another tab chooses another user, or stops: a form of the first tab must change nothing.
#[tokio::test]
async fn a_token_is_issued_only_for_the_user_that_the_page_has_shown() {
    for store in stores() {
        let app = app(put(store.as_ref())).await;
        let browser = app.signed_in("ada").await;
        let form_of = |user| format!("/token-as?user={}", id(&app, user));
        act_as(&browser, "bob").await;
        let form = browser.get(&form_of("bob")).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body);
        act_as(&browser, "carol").await;
        app.provider.clear_log();
        for user in ["bob", "ada"] {
            let form = browser.get(&form_of(user)).await;
            assert_eq!(
                (form.status, form.body.as_str()),
                (StatusCode::FORBIDDEN, "not_acting"),
                "{user}"
            );
        }
        assert!(exchanges(&app).is_empty());
        assert_eq!(browser.get(&form_of("carol")).await.status, StatusCode::OK);
        browser.post("/stop", "").await;
        assert_eq!(browser.get(&form_of("carol")).await.body, "not_acting");
    }
}

/// Logto saves a grant of the other user for each exchange.
#[tokio::test]
async fn a_token_is_exchanged_once_until_it_nearly_expires() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.clock().advance(60);
    let first = browser.get("/token-as").await.body;
    app.provider.clear_log();
    app.provider.clock().advance(3480);
    assert_eq!(browser.get("/token-as").await.body, first);
    assert!(exchanges(&app).is_empty());
    assert!(acting(&browser).await.starts_with("Bob Reader until"));
    // A minute before the end of the token. The kept token is still valid.
    let other = "/token-as?scope=read:products";
    browser.get(other).await;
    assert_eq!(exchanges(&app).len(), 1, "other scopes");
    let ada = app.signed_in("ada").await;
    act_as(&ada, "bob").await;
    app.provider.clear_log();
    ada.get("/token-as").await;
    assert_eq!(exchanges(&app).len(), 1, "another session");
}

#[tokio::test]
async fn a_cached_token_is_not_used_for_the_next_user_nor_after_a_stop() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    let bob = browser.get("/token-as").await.body;
    act_as(&browser, "carol").await;
    assert!(browser.get("/token-as").await.body.starts_with(&id(&app, "carol")));
    act_as(&browser, "bob").await;
    app.provider.clear_log();
    assert_eq!(browser.get("/token-as").await.body, bob);
    assert_eq!(exchanges(&app).len(), 1);
    browser.post("/stop", "").await;
    assert_not_acting(&browser).await;
}

#[tokio::test]
async fn showing_the_other_user_sends_no_request() {
    let app = app(|web| web).await;
    let browser = app.signed_in("ada").await;
    act_as(&browser, "bob").await;
    app.provider.clear_log();
    acting(&browser).await;
    assert!(app.provider.log().is_empty());
}

/// The flow of the documentation: the app checks the role of the agent and creates the subject
/// token itself.
#[tokio::test]
async fn only_users_with_the_role_of_the_app_act_through_the_management_api() {
    async fn support(
        session: AuthSession,
        State(management): State<ManagementClient>,
        user: String,
    ) -> Result<String, SessionError> {
        session.require(role("admin")).await?;
        let subject = management.create_subject_token(&user).await.unwrap();
        assert!(subject.secret.expose_secret().starts_with("sub_"));
        let acting = session.act_as(&user, subject.secret).await?;
        Ok(acting.user_id)
    }
    let machine = MachineApp::new("support", "a secret").with_management_api();
    let app = with_routes(App::with_scopes(
        provider().machine_app(machine).start().await,
        &["roles"],
        &[],
        |web| web,
    ));
    let management = app.logto.client().machine("support", "a secret").management();
    let routes = Router::new()
        .route("/support", post(support))
        .layer(app.logto.layer())
        .with_state(management);
    let app = app.map_router(|router| router.merge(routes));
    let carol = id(&app, "carol");
    let browser = app.signed_in("bob").await;
    assert_eq!(browser.post("/support", &carol).await.status, StatusCode::FORBIDDEN);
    assert_not_acting(&browser).await;
    assert_eq!(app.provider.requests(Endpoint::Management), 0);
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/support", &carol).await.body, carol);
    let wanted = format!("{carol} by {}: ", id(&app, "ada"));
    assert_eq!(browser.get("/token-as").await.body, wanted);
}
