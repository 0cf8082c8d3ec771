//! Tests of the user's menu and the organization switcher, as a browser without JavaScript sees
//! them.

use std::collections::BTreeSet;

use axum::{Router, body::Body};
use http::{Request, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{
    LogtoProvider, OrganizationSwitcher, STYLESHEET, SignIn, SignOut, SignedOut, UserButton, WebConfig,
};
use logto_testing::TestProvider;

use crate::app::App;

#[component]
fn Header() -> impl IntoView {
    view! {
        <UserButton account_url="https://tenant.example/account">
            <a href="/orders">"Orders"</a>
        </UserButton>
        <SignedOut>
            <SignIn />
        </SignedOut>
    }
}

#[component]
fn Menu() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Pages>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=Header />
                    <Route path=path!("/picture") view=|| view! { <UserButton picture=true /> } />
                    <Route path=path!("/switcher") view=|| view! { <OrganizationSwitcher personal=false return_to="/after" /> } />
                </Routes>
            </Pages>
        </LogtoProvider>
    }
}

async fn start() -> App {
    start_with(|web| web).await
}

async fn start_with(change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    let options = LeptosOptions::builder().output_name("app").build();
    let pages = Router::new()
        .leptos_routes(&options, generate_route_list(Menu), Menu)
        .with_state(options);
    App::with_pages(TestProvider::builder(), change, pages).await
}

async fn open(app: &App, path: &str, language: &str) -> String {
    let request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, language);
    let page = app.send(request.body(Body::empty()).unwrap()).await.body;
    // The snapshot repeats the texts.
    page.split_once("</script>").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_visitor_has_no_menu() {
    let page = open(&start().await, "/", "en").await;
    assert!(!page.contains("popover"), "{page}");
    assert!(page.contains(">Sign in</button>"), "{page}");
}

/// The browser opens and closes a popover without a script.
#[tokio::test]
async fn the_button_opens_the_menu_of_the_user() {
    let app = start().await;
    app.sign_in("ada").await;
    let page = open(&app, "/", "en").await;
    for part in [
        "popovertarget=\"logto-user-menu\"",
        "id=\"logto-user-menu\"",
        "popover=\"auto\"",
        "aria-label=\"Account menu: Ada Lovelace\"",
        "Ada Lovelace</p>",
        "ada@",
        "href=\"https://tenant.example/account\"",
        ">Manage account</a>",
        "<a href=\"/orders\">Orders</a>",
        "<form method=\"post\" action=\"/sign-out\">",
        ">Sign out</button>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<img"), "{page}");
}

#[tokio::test]
async fn the_menu_is_in_the_language_of_the_visitor() {
    let app = start().await;
    assert!(
        open(&app, "/", "fr-CH,fr;q=0.9")
            .await
            .contains(">Se connecter</button>")
    );
    app.sign_in("ada").await;
    let page = open(&app, "/", "de").await;
    for part in [
        "Kontomenü: Ada Lovelace",
        ">Konto verwalten</a>",
        ">Organisationen</legend>",
        ">Abmelden</button>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn every_organization_is_a_button_of_the_form() {
    let app = start().await;
    app.sign_in("ada").await;
    let page = open(&app, "/", "en").await;
    assert!(page.contains("action=\"/organization\""), "{page}");
    for value in ["", "acme", "globex"] {
        let button = format!("name=\"organization_id\" value=\"{value}\"");
        assert!(page.contains(&button), "{button} in {page}");
    }
    let page = open(&app, "/switcher", "en").await;
    assert!(page.contains("name=\"return_to\" value=\"/after\""), "{page}");
    assert_eq!(page.matches("name=\"organization_id\"").count(), 2, "{page}");
}

/// Userinfo names the organizations at the sign-in, unless the app names them itself.
#[tokio::test]
async fn a_button_shows_the_name_of_its_organization() {
    let shown = async |change: fn(WebConfig) -> WebConfig| {
        let app = start_with(change).await;
        app.sign_in("ada").await;
        let page = open(&app, "/", "en").await;
        let names = ["acme", "globex"].map(|id| {
            let (_, button) = page.split_once(&format!("value=\"{id}\"")).unwrap();
            let (label, _) = button.split_once("</button>").unwrap();
            label.split_once('>').unwrap().1.to_owned()
        });
        names.map(|name| name.replace("<!>", ""))
    };
    assert_eq!(shown(|web| web).await, ["Acme Corporation", "Globex Corporation"]);
    let by_the_app = |web: WebConfig| {
        web.with_organization_names(false)
            .with_user_view(|_, view| view.with_organization_name("acme", "<Anvils>"))
    };
    assert_eq!(shown(by_the_app).await, ["&lt;Anvils&gt;", "globex"]);
}

/// The names of the classes in a page or a stylesheet, each of which follows `before`.
fn classes<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(|rest| {
        let end = rest.find(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric());
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[tokio::test]
async fn the_optional_style_has_a_rule_for_every_class_of_the_menu() {
    let app = start().await;
    app.provider
        .update_user("ada", |user| user.picture = Some("https://img.example/ada.png".into()));
    app.sign_in("ada").await;
    let pages = open(&app, "/", "en").await + &open(&app, "/picture", "en").await;
    // A notice of the set-up is no part of the menu.
    let used: BTreeSet<_> = classes(&pages, "class=\"")
        .filter(|class| *class != "logto-problem")
        .collect();
    let documented = [
        "logto-organization",
        "logto-organizations",
        "logto-user-account",
        "logto-user-button",
        "logto-user-email",
        "logto-user-initial",
        "logto-user-menu",
        "logto-user-name",
        "logto-user-picture",
        "logto-user-sign-out",
    ];
    assert_eq!(used, documented.into(), "{pages}");
    let styled: BTreeSet<_> = classes(STYLESHEET, ".").collect();
    assert_eq!(used.difference(&styled).collect::<Vec<_>>(), [&""; 0]);
}

#[tokio::test]
async fn the_active_organization_is_marked() {
    let app = start().await;
    app.sign_in("ada").await;
    let answer = app
        .post("/organization", "organization_id=acme&return_to=%2Fswitcher")
        .await;
    assert!(answer.location().ends_with("/switcher"), "{answer:?}");
    let page = open(&app, "/", "en").await;
    let buttons = page
        .split("<button ")
        .filter(|button| button.contains("organization_id"));
    let current: Vec<_> = buttons.filter(|button| button.contains("aria-current")).collect();
    assert_eq!(current.len(), 1, "{page}");
    assert!(current[0].contains("value=\"acme\""), "{page}");
}

#[tokio::test]
async fn a_user_without_organizations_has_no_switcher() {
    let app = start().await;
    app.sign_in("bob").await;
    let page = open(&app, "/", "en").await;
    assert!(
        page.contains("popovertarget") && !page.contains("organization_id"),
        "{page}"
    );
}

#[test]
fn the_label_of_a_button_is_its_children_or_a_text() {
    let html = Owner::new().with(|| view! { <SignOut /> }.to_html());
    assert!(html.contains(">Sign out</button>"), "{html}");
    let html = Owner::new().with(|| view! { <SignOut>"Leave"</SignOut> }.to_html());
    assert!(html.contains(">Leave</button>") && !html.contains("Sign out"), "{html}");
}
