//! Calls the demo API in server functions, with an access token.

use leptos::{either::Either, prelude::*, server_fn::ServerFn as _};

use crate::{
    components::{Problem, ProblemNote},
    islands::AnsweredInPlace,
    server::{
        Fragment, Product,
        products_client::{self, ApiError},
    },
};

#[server(prefix = "/fn", endpoint = "products/list", output = Fragment)]
pub async fn list_products() -> Result<Fragment, ServerFnError> {
    let listed = products_client::list().await;
    Ok(Fragment::new(|| product_table(listed)))
}

#[server(prefix = "/fn", endpoint = "products/add", output = Fragment)]
pub async fn add_product(name: String) -> Result<Fragment, ServerFnError> {
    Ok(match products_client::add(name).await {
        Ok(product) => {
            let listed = products_client::list().await;
            Fragment::new(|| view! { {added(product)} {product_table(listed)} }).created()
        }
        Err(error) => Fragment::new(|| problem(error, "write:products")),
    })
}

/// Buttons that list products and add one.
#[component]
pub(super) fn ProductsByAction() -> impl IntoView {
    view! {
        <div class="calls">
            <AnsweredInPlace>
                <form method="post" action=ListProducts::PATH>
                    <button type="submit" class="button">
                        "Call GET /api/products"
                    </button>
                </form>
                <form method="post" action=AddProduct::PATH>
                    <label for="product-name">"Name of a new product"</label>
                    <div class="field">
                        <input id="product-name" name="name" required maxlength="60" autocomplete="off" />
                        <button type="submit" class="button">
                            "Call POST /api/products"
                        </button>
                    </div>
                </form>
            </AnsweredInPlace>
        </div>
    }
}

fn problem(error: ApiError, scope: &str) -> impl IntoView {
    let problem = Problem::from_api_error(error, scope);
    view! { <ProblemNote problem /> }
}

fn product_table(listed: Result<Vec<Product>, ApiError>) -> impl IntoView {
    let products = match listed {
        Ok(products) => products,
        Err(error) => return Either::Left(problem(error, "read:products")),
    };
    let rows = products
        .into_iter()
        .map(|product| {
            let price = format!("{}.{:02}", product.price_cents / 100, product.price_cents % 100);
            view! {
                <tr>
                    <td class="number">{product.id}</td>
                    <td>{product.name}</td>
                    <td class="number">{price}</td>
                </tr>
            }
        })
        .collect_view();
    Either::Right(view! {
        <p class="status">"200 OK"</p>
        <table>
            <thead>
                <tr>
                    <th scope="col" class="number">"Id"</th>
                    <th scope="col">"Product"</th>
                    <th scope="col" class="number">"Price"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

fn added(product: Product) -> impl IntoView {
    let Product { id, name, .. } = product;
    view! {
        <p class="status">"201 Created"</p>
        <p>{format!("{name} is now product {id}.")}</p>
    }
}
