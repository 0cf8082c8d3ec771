use leptos::prelude::*;
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

use super::account_error::AccountErrorNote;

/// The addresses of pages of Logto's account center.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountLinks {
    pub password: String,
    pub authenticator_app: String,
    pub passkey: String,
    pub security: String,
}

#[server(prefix = "/fn", endpoint = "account/links")]
pub async fn load_account_links() -> Result<AccountLinks, AuthError> {
    use logto_leptos::{account::AccountCenter, auth_session, require_user};

    require_user().await?;
    let session = auth_session()?;
    // Each task leads back to this page.
    let url = |page: AccountCenter| session.account_center_url(page.with_redirect("/account").with_show_success());
    Ok(AccountLinks {
        password: url(AccountCenter::password())?,
        authenticator_app: url(AccountCenter::authenticator_app())?,
        passkey: url(AccountCenter::add_passkey())?,
        security: session.account_center_url(AccountCenter::security())?,
    })
}

/// The texts of the links.
#[derive(Clone, Debug)]
pub struct LinkTexts {
    pub password: String,
    pub authenticator_app: String,
    pub passkey: String,
    pub security: String,
}

/// Links to the pages where the user changes the password and the second factors. This app never sees
/// either.
#[component]
pub fn AccountCenterLinks(texts: LinkTexts, explain: fn(&str) -> String) -> impl IntoView {
    let links = Resource::new_blocking(|| (), |()| load_account_links());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match links.await {
                    Ok(links) => list(links, texts).into_any(),
                    Err(error) => view! { <AccountErrorNote error explain /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn list(links: AccountLinks, texts: LinkTexts) -> impl IntoView {
    let links = [
        (links.password, texts.password),
        (links.authenticator_app, texts.authenticator_app),
        (links.passkey, texts.passkey),
        (links.security, texts.security),
    ];
    let links = links.map(|(url, text)| {
        view! {
            <li>
                <a href=url>{text}</a>
            </li>
        }
    });
    view! { <ul>{links.collect_view()}</ul> }
}
