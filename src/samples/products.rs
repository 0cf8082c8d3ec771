use leptos::{either::Either, prelude::*};
use serde::{Deserialize, Serialize};

use super::api_error::{ApiError, ApiErrorNote};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub id: u32,
    pub name: String,
    pub price_cents: u32,
}

#[server(prefix = "/fn", endpoint = "products/list")]
pub async fn list_products() -> Result<Vec<Product>, ApiError> {
    use super::{api::Api, call_api};

    let token = expect_context::<Api>().token();
    call_api::get("products", token).await
}

/// Adds a product, and returns the new list.
#[server(prefix = "/fn", endpoint = "products/add")]
pub async fn add_product(name: String) -> Result<Vec<Product>, ApiError> {
    use super::{api::Api, call_api};

    let token = expect_context::<Api>().token();
    call_api::post("products", token, &serde_json::json!({ "name": name })).await?;
    list_products().await
}

/// The list of products, and a form to add one. The children are the content of the form, and
/// `explain` returns the text for a status of the API.
///
/// A form outside an island needs no JavaScript: the browser comes back to this page, which then has
/// the product in its list, or the error of the form in its address.
#[component]
pub fn Products(explain: fn(u16) -> String, children: Children) -> impl IntoView {
    let action = ServerAction::<AddProduct>::new();
    let products = Resource::new_blocking(move || action.version().get(), |_| list_products());
    let error = move || action.value().get().and_then(Result::err);
    view! {
        <ActionForm action>{children()}</ActionForm>
        <div class="outcome" role="status">
            {move || error().map(|error| view! { <ApiErrorNote error explain /> })}
        </div>
        <Suspense>
            {Suspend::new(async move {
                match products.await {
                    Ok(products) => Either::Left(table(products)),
                    Err(error) => Either::Right(view! { <ApiErrorNote error explain /> }),
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
