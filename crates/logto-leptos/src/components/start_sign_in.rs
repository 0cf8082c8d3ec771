//! Starts a sign-in without a click on a button of the page.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys::{HtmlFormElement, HtmlInputElement},
};

use super::{page_session, return_to::current_path};

/// Leads the browser to the sign-in, and then back to the current address.
///
/// It sends the form of [`SignIn`](crate::SignIn): a `GET` would ask for a click first.
pub(crate) fn start_sign_in(max_age: Option<u64>, acr: Option<&str>) {
    if let Err(error) = send_form(max_age, acr) {
        leptos::logging::error!("the sign-in could not be started: {error:?}");
    }
}

fn send_form(max_age: Option<u64>, acr: Option<&str>) -> Result<(), JsValue> {
    let form: HtmlFormElement = document().create_element("form")?.unchecked_into();
    form.set_method("post");
    form.set_action(&page_session::paths().sign_in);
    form.set_hidden(true);
    let fields = [
        ("return_to", current_path()),
        ("max_age", max_age.map(|seconds| seconds.to_string())),
        ("acr_values", acr.map(str::to_owned)),
    ];
    for (name, value) in fields {
        let Some(value) = value else { continue };
        let input: HtmlInputElement = document().create_element("input")?.unchecked_into();
        input.set_type("hidden");
        input.set_name(name);
        input.set_value(&value);
        form.append_child(&input)?;
    }
    // A form outside the document is not sent.
    if let Some(body) = document().body() {
        body.append_child(&form)?;
        form.submit()?;
        form.remove();
    }
    Ok(())
}
