use leptos::prelude::*;
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

/// How and when the user has signed in. Logto reports all of it since 1.46; an older server reports
/// only the time, and only after a sign-in that asked for a recent one. The time is text (RFC 3339).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authentication {
    pub acr: Option<String>,
    pub amr: Vec<String>,
    pub auth_time: Option<String>,
}

#[server(prefix = "/fn", endpoint = "authentication")]
pub async fn load_authentication() -> Result<Authentication, AuthError> {
    use logto_leptos::{Amr, Timestamp, require_user};

    let user = require_user().await?;
    // These methods count a refreshed ID token for no more than the sign-in.
    Ok(Authentication {
        acr: user.acr().map(ToString::to_string),
        amr: user.amr().map(Amr::as_str).map(str::to_owned).collect(),
        auth_time: user.authenticated_at().map(Timestamp::to_rfc3339),
    })
}

/// The authentication as a list.
#[component]
pub fn AuthenticationList(authentication: Authentication) -> impl IntoView {
    let Authentication { acr, amr, auth_time } = authentication;
    let amr = (!amr.is_empty()).then(|| amr.join(" "));
    let row = |name, value: Option<String>| {
        view! {
            <dt>{name}</dt>
            <dd>
                <code>{value.unwrap_or_else(|| "null".to_owned())}</code>
            </dd>
        }
    };
    view! { <dl class="facts">{row("acr", acr)} {row("amr", amr)} {row("auth_time", auth_time)}</dl> }
}
