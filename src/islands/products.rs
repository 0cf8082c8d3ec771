//! Calls to the protected API, through server functions that add the token.

use leptos::{html::Form, prelude::*};

use super::outcome::{Answer, outcome};
use crate::products::Product;

// [show:server-functions]
#[server(prefix = "/fn", endpoint = "products/list")]
pub async fn list_products() -> Answer<Vec<Product>> {
    use crate::server::{products_client, views::api_problem};
    let products = products_client::list().await;
    Ok(products.map_err(|error| api_problem(error, "read:products")))
}

#[server(prefix = "/fn", endpoint = "products/add")]
pub async fn add_product(name: String) -> Answer<Product> {
    use crate::server::{products_client, views::api_problem};
    let product = products_client::add(name).await;
    Ok(product.map_err(|error| api_problem(error, "write:products")))
}
// [/show]

/// The API's products, and a form to add one.
#[island]
pub fn ProductsByAction() -> impl IntoView {
    let list = ServerAction::<ListProducts>::new();
    let add = ServerAction::<AddProduct>::new();
    let form = NodeRef::<Form>::new();
    Effect::new(move |_| {
        if let Some(Ok(Ok(_))) = add.value().get() {
            if let Some(form) = form.get_untracked() {
                form.reset();
            }
            list.dispatch(ListProducts {});
        }
    });
    view! {
        <div class="calls">
            <ActionForm action=list>
                <button type="submit" class="button">
                    "Call GET /api/products"
                </button>
            </ActionForm>
            {outcome(list, "Not called yet.", product_table)}
            <ActionForm action=add node_ref=form>
                <label for="product-name">"Name of a new product"</label>
                <div class="field">
                    <input id="product-name" name="name" required maxlength="60" autocomplete="off" />
                    <button type="submit" class="button">
                        "Call POST /api/products"
                    </button>
                </div>
            </ActionForm>
            {outcome(add, "Not called yet.", added)}
        </div>
    }
}

fn product_table(products: Vec<Product>) -> impl IntoView {
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
    view! {
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
    }
}

fn added(product: Product) -> impl IntoView {
    let Product { id, name, .. } = product;
    view! {
        <p class="status">"201 Created"</p>
        <p>{format!("{name} is product {id} now.")}</p>
    }
}
