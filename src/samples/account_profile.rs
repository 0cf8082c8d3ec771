use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

pub const MAX_NAME: usize = 128;
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// The part of the account that the form shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountView {
    pub name: String,
    /// An entry of the custom data.
    pub theme: String,
}

/// The reason why the account was not saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveError {
    /// The name is empty or too long.
    Name,
    /// There is no such theme.
    Theme,
    /// Logto refused the change, or there is no user.
    Auth(AuthError),
}

impl FromServerFnError for SaveError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Auth(AuthError::from_server_fn_error(error))
    }
}

#[server(prefix = "/fn", endpoint = "account/load")]
pub async fn load_account() -> Result<AccountView, AuthError> {
    let account = logto_leptos::account().await?.account().await?;
    let theme = account
        .custom_data
        .as_ref()
        .and_then(|data| data.get("theme")?.as_str());
    Ok(AccountView {
        theme: theme.unwrap_or("system").to_owned(),
        name: account.name.unwrap_or_default(),
    })
}

/// Saves name and theme. The browser checks the fields too, but anyone can send a form.
#[server(prefix = "/fn", endpoint = "account/save")]
pub async fn save_account(name: String, theme: String) -> Result<(), SaveError> {
    let name = name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(SaveError::Name);
    }
    if !THEMES.contains(&theme.as_str()) {
        return Err(SaveError::Theme);
    }
    save(name, theme).await.map_err(SaveError::Auth)
}

#[cfg(feature = "ssr")]
async fn save(name: &str, theme: String) -> Result<(), AuthError> {
    use logto_leptos::{ContextOptions, account::AccountUpdate, logto_context};

    let account = logto_leptos::account().await?;
    let mut update = AccountUpdate::new().with_name(name);
    // Logto replaces the custom data as a whole, so keep the other entries. `None` if the tenant hides it.
    if let Some(mut data) = account.account().await?.custom_data {
        data.insert("theme".to_owned(), theme.into());
        update = update.with_custom_data(data);
    }
    account.update(&update).await?;
    // The claims of the session follow, such as the name in the header.
    logto_context(ContextOptions::default().with_fresh_claims(true)).await?;
    Ok(())
}
