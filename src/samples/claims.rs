use leptos::prelude::*;
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error_note::ErrorNote;

/// A claim of the ID token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    pub name: String,
    pub value: Value,
    /// The value as text (RFC 3339) if it is a point in time.
    pub time: Option<String>,
}

/// Returns the claims of the user, or none for a visitor.
#[server(prefix = "/fn", endpoint = "claims")]
pub async fn id_token_claims() -> Result<Vec<Claim>, AuthError> {
    use logto_leptos::{ContextOptions, Timestamp, logto_context};

    let context = logto_context(ContextOptions::default()).await?;
    let claims = context.claim_map();
    let claims = claims.iter().map(|(name, value)| {
        let number = value.as_u64();
        let seconds = number.and_then(|number| match name.as_str() {
            "auth_time" | "exp" | "iat" | "nbf" => Some(number),
            "created_at" | "updated_at" => Some(number / 1000),
            _ => None,
        });
        Claim {
            name: name.clone(),
            value: value.clone(),
            time: seconds.map(|seconds| Timestamp::from_secs(seconds).to_rfc3339()),
        }
    });
    Ok(claims.collect())
}

/// A table of the claims. The children are the cells of its head.
#[component]
pub fn Claims(children: Children) -> impl IntoView {
    // Blocking: a renewed ID token is saved with the head of the response.
    let claims = Resource::new_blocking(|| (), |()| id_token_claims());
    let head = children();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match claims.await {
                    Ok(claims) => table(head, claims).into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn table(head: AnyView, claims: Vec<Claim>) -> impl IntoView {
    let rows = claims.into_iter().map(|claim| {
        view! {
            <tr>
                <th scope="row">{claim.name}</th>
                <td>{show(claim.value, claim.time)}</td>
            </tr>
        }
    });
    view! {
        <table class="claims">
            <thead>
                <tr>{head}</tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

/// Shows a point in time as text, a list of texts as a list, and other values as JSON.
pub fn show(value: Value, time: Option<String>) -> AnyView {
    match (value, time) {
        (_, Some(time)) => view! { <time datetime=time.clone()>{time.clone()}</time> }.into_any(),
        (Value::String(text), None) => view! { <span class="mono">{text}</span> }.into_any(),
        (Value::Array(values), None) if !values.is_empty() && values.iter().all(Value::is_string) => {
            let texts = values.iter().filter_map(Value::as_str);
            let items = texts.map(|text| view! { <li>{text.to_owned()}</li> }).collect_view();
            view! { <ul class="chips">{items}</ul> }.into_any()
        }
        (value, None) => view! { <pre class="json">{format!("{value:#}")}</pre> }.into_any(),
    }
}
