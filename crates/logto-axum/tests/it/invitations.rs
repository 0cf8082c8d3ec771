//! An invitation to an organization: its link survives the sign-in, and the user needs no second
//! one to work in the organization.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{Request, StatusCode};
use logto_axum::{
    AuthSession, ManagementClient, ManagementErrorKind, RequireUser, SessionError, TokenTarget,
    management::{InvitationStatus, NewInvitation},
    signed_in,
};
use logto_testing::{MachineApp, TestProvider, User};

use crate::app::{App, BASE, Browser};

async fn show(user: RequireUser) -> Html<String> {
    Html(format!(
        "<p>{} is invited</p><form method=post><button>Join</button></form>",
        user.id()
    ))
}

/// Accepts the invitation for the signed-in user only.
async fn join(
    user: RequireUser,
    session: AuthSession,
    State(management): State<ManagementClient>,
    Path(invitation): Path<String>,
) -> Result<Response, SessionError> {
    match management.accept_invitation(&invitation, user.id()).await {
        Ok(()) => {
            session.refresh_organizations().await?;
            Ok("joined".into_response())
        }
        Err(error) if error.kind() == Some(ManagementErrorKind::Invalid) => Ok(StatusCode::CONFLICT.into_response()),
        Err(_) => Ok(StatusCode::BAD_GATEWAY.into_response()),
    }
}

/// The organizations of the claims, and whether the token of `acme` names it.
async fn work(session: AuthSession) -> Result<String, SessionError> {
    let organizations = session.organizations().await?;
    let token = session.access_token(TokenTarget::organization("acme")).await?;
    Ok(format!("{organizations:?} {}", token.token.scopes.join(" ")))
}

/// The app, the client of its machine app, and the id of an invitation for Bob to `acme`.
async fn invited() -> (App, ManagementClient, String) {
    let bob = User::new("bob").with_email("bob@example.com");
    let provider = TestProvider::builder()
        .client("app", "secret")
        .machine_app(MachineApp::new("admin", "a secret").with_management_api())
        .user(User::new("ada"))
        .user(bob);
    let app = App::with(provider.start().await, |web| web);
    let management = app.logto.client().machine("admin", "a secret").management();
    let own = Router::new()
        .route("/invitations/{id}", get(show).post(join))
        .layer(app.logto.require(signed_in()))
        .route("/work", get(work))
        .layer(app.logto.layer())
        .with_state(management.clone());
    let app = app.map_router(|router| router.merge(own));
    let until = app.logto.client().now().plus(7 * 86_400);
    let invitation = management
        .invite(&NewInvitation::new("acme", "bob@example.com", until))
        .await;
    (app, management, invitation.unwrap().id)
}

/// Opens the link of the invitation signed out, signs in, and comes back.
async fn open_link<'a>(app: &'a App, user: &str, link: &str) -> Browser<'a> {
    let browser = app.browser();
    let page = Request::get(link)
        .header("accept", "text/html")
        .body(Body::empty())
        .unwrap();
    let start = browser.send(page).await.location();
    app.provider.sign_in_as(user);
    let callback = app.provider.authorize(&start).await;
    let back = browser.get(callback.strip_prefix(BASE).unwrap()).await;
    assert_eq!(back.location(), format!("{BASE}{link}"));
    browser
}

#[tokio::test]
async fn the_link_survives_the_sign_in_and_the_user_works_in_the_organization_at_once() {
    let (app, management, id) = invited().await;
    let link = format!("/invitations/{id}");
    let browser = open_link(&app, "bob", &link).await;
    assert!(browser.get(&link).await.body.contains("usr_bob is invited"));
    let before = management.invitation(&id).await.unwrap().status;
    assert_eq!(before, InvitationStatus::Pending, "opening a link changes nothing");
    assert_eq!(browser.post(&link, "").await.body, "joined");
    assert_eq!(browser.get("/work").await.body, r#"["acme"] "#);
    assert_eq!(browser.post(&link, "").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn another_user_cannot_accept_the_invitation() {
    let (app, management, id) = invited().await;
    let link = format!("/invitations/{id}");
    let browser = open_link(&app, "ada", &link).await;
    assert_eq!(browser.post(&link, "").await.status, StatusCode::CONFLICT);
    let status = management.invitation(&id).await.unwrap().status;
    assert_eq!(status, InvitationStatus::Pending);
    assert!(management.user_organizations("usr_ada").await.unwrap().is_empty());
}

#[tokio::test]
async fn another_site_cannot_accept_the_invitation_for_the_user() {
    let (app, management, id) = invited().await;
    let link = format!("/invitations/{id}");
    let browser = open_link(&app, "bob", &link).await;
    let forged = Request::post(&link)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    let forged = browser.send(forged.body(Body::empty()).unwrap()).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(
        management.invitation(&id).await.unwrap().status,
        InvitationStatus::Pending
    );
}
