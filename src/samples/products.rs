use leptos::{
    either::Either,
    ev::SubmitEvent,
    html::Form,
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
#[component]
pub fn Products(children: Children) -> impl IntoView {
    let products = Resource::new_blocking(|| (), |()| list_products());
    // Without JavaScript, an error of the form comes back in the address of the page.
    let refused = ServerAction::<AddProduct>::new().value().get_untracked();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let products = products.await;
                let products = refused.unwrap_or(products);
                view! { <ProductList products>{children()}</ProductList> }
            })}
        </Suspense>
    }
}

#[island]
pub fn ProductList(
    /// The list before the first submit.
    products: Result<Vec<Product>, ApiError>,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<AddProduct>::new();
    let (answer, pending) = (action.value(), action.pending());
    let form = NodeRef::<Form>::new();
    // Refused input stays in the form, so that the user can correct it.
    Effect::new(move |_| {
        if let (Some(Ok(_)), Some(form)) = (answer.get(), form.get()) {
            form.reset();
        }
    });
    let one_at_a_time = move |submit: SubmitEvent| {
        if pending.get_untracked() {
            submit.prevent_default();
        }
    };
    view! {
        <div class="forms" on:submit:capture=one_at_a_time>
            <ActionForm action node_ref=form>
                {children()}
            </ActionForm>
        </div>
        <div class="outcome" aria-live="polite" aria-busy=move || pending.get().to_string()>
            {move || match answer.get().unwrap_or_else(|| products.clone()) {
                Ok(products) => Either::Left(table(products)),
                Err(error) => Either::Right(problem(error)),
            }}
        </div>
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
