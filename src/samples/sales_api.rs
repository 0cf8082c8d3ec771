use axum::{
    Json,
    extract::State,
    routing::{MethodRouter, get},
};
use logto_leptos::{AccessTokenRules, Acr, Bearer, BearerError};

use super::{api::Api, sales_page::Sales};

/// The methods of `/api/sales`.
pub fn sales() -> MethodRouter<Api> {
    get(read_sales)
}

/// A token of a weaker sign-in gets 401, with a challenge that names the class (RFC 9470).
async fn read_sales(State(api): State<Api>, bearer: Bearer) -> Result<Json<Sales>, BearerError> {
    let rules = AccessTokenRules::resource(api.resource)
        .with_scope("read:products")
        .with_acr(Acr::Mfa);
    api.logto.authorize(&bearer, &rules).await?;
    Ok(Json(Sales {
        year: 1843,
        total_cents: 1_845_000,
    }))
}
