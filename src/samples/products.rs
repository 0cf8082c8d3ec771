use leptos::{
    either::Either,
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

use super::error_note::ErrorNote;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub id: u32,
    pub name: String,
    pub price_cents: u32,
}

/// The reason why a call of the API failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// There is no access token.
    Auth(AuthError),
    /// The API refused the call: its status.
    Refused(u16),
    /// The API or this server cannot be reached.
    Unreachable,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unreachable
    }
}

#[server(prefix = "/fn", endpoint = "products/list")]
pub async fn list_products() -> Result<Vec<Product>, ApiError> {
    super::call_api::get("products").await
}

/// Adds a product, and returns the new list.
#[server(prefix = "/fn", endpoint = "products/add")]
pub async fn add_product(name: String) -> Result<Vec<Product>, ApiError> {
    super::call_api::post("products", &serde_json::json!({ "name": name })).await?;
    list_products().await
}

/// The list of products, and a form to add one. The children are the content of the form.
///
/// A form outside an island needs no JavaScript: the browser comes back to this page, which then has
/// the product in its list, or the error of the form in its address.
#[component]
pub fn Products(children: Children) -> impl IntoView {
    let products = Resource::new_blocking(|| (), |()| list_products());
    let action = ServerAction::<AddProduct>::new();
    let error = action.value().get_untracked().and_then(Result::err);
    view! {
        <ActionForm action>{children()}</ActionForm>
        <div class="outcome" role="status">
            {error.map(problem)}
        </div>
        <Suspense>
            {Suspend::new(async move {
                match products.await {
                    Ok(products) => Either::Left(table(products)),
                    Err(error) => Either::Right(problem(error)),
                }
            })}
        </Suspense>
    }
}

fn table(products: Vec<Product>) -> impl IntoView {
    let rows = products.into_iter().map(|product| {
        view! {
            <tr>
                <td class="number">{product.id}</td>
                <td>{product.name}</td>
                <td class="number">{product.price_cents}</td>
            </tr>
        }
    });
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col" class="number">
                        "id"
                    </th>
                    <th scope="col">"name"</th>
                    <th scope="col" class="number">
                        "price_cents"
                    </th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

fn problem(error: ApiError) -> impl IntoView {
    let code = match error {
        ApiError::Auth(error) => return view! { <ErrorNote error /> }.into_any(),
        ApiError::Refused(403) => "403 Forbidden",
        ApiError::Refused(422) => "422 Unprocessable Content",
        ApiError::Refused(_) | ApiError::Unreachable => "502 Bad Gateway",
    };
    view! { <p class="note fault">{code}</p> }.into_any()
}
