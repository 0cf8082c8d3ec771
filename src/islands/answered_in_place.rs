//! Forms whose responses appear on the same page.

use leptos::{
    either::EitherOf4,
    ev::SubmitEvent,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys::{FormData, HtmlFormElement, RequestInit, RequestMode, RequestRedirect, Response, UrlSearchParams},
};

use super::countdown::count_down;

/// The state of the form that was submitted last.
#[derive(Clone)]
enum Outcome {
    Nothing,
    Loading,
    /// HTML from the server.
    Answer(String),
    NoAnswer,
}

/// Submits the forms among its children with `fetch` and shows the HTML of the response below them.
///
/// Without JavaScript, the browser submits the forms and returns to the page. The attribute
/// `data-live` tells that the island is hydrated.
#[island]
pub fn AnsweredInPlace(children: Children) -> impl IntoView {
    let live = RwSignal::new(false);
    // Effects run after hydration.
    Effect::new(move |_| live.set(true));
    let outcome = RwSignal::new(Outcome::Nothing);
    let loading = move || outcome.with(|outcome| matches!(outcome, Outcome::Loading));
    let submit = move |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into().ok()) else {
            return;
        };
        event.prevent_default();
        if loading() {
            return;
        }
        outcome.set(Outcome::Loading);
        spawn_local(async move {
            outcome.set(send(form).await.map_or(Outcome::NoAnswer, Outcome::Answer));
            request_animation_frame(count_down);
        });
    };
    view! {
        <div class="forms" data-live=live on:submit=submit>
            {children()}
        </div>
        // All outcomes take the same space, so that the layout does not shift.
        <div class="outcome" aria-live="polite" aria-busy=move || loading().to_string()>
            {move || match outcome.get() {
                Outcome::Nothing => EitherOf4::A(view! { <p class="empty">"Not asked for yet."</p> }),
                Outcome::Loading => EitherOf4::B(view! { <p class="skeleton">"Loading"</p> }),
                Outcome::Answer(html) => EitherOf4::C(view! { <div class="answer" inner_html=html></div> }),
                Outcome::NoAnswer => EitherOf4::D(no_answer()),
            }}
        </div>
    }
}

/// Submits the form like the browser would. Only HTML from this site with a success status counts
/// as a response: neither a redirect nor the error page of a proxy.
async fn send(form: HtmlFormElement) -> Result<String, JsValue> {
    let fields = FormData::new_with_form(&form)?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_mode(RequestMode::SameOrigin);
    request.set_redirect(RequestRedirect::Error);
    request.set_body(&fields);
    let response = window().fetch_with_str_and_init(&form.action(), &request).await?;
    let response: Response = response.dyn_into()?;
    let kind = response.headers().get("content-type")?.unwrap_or_default();
    if !response.ok() || !kind.starts_with("text/html") {
        return Err(JsValue::NULL);
    }
    let html = response.text()?.await?;
    // Other forms keep their values, so that the user can correct them.
    if response.status() == CREATED {
        form.reset();
    }
    html.as_string().ok_or(JsValue::NULL)
}

const CREATED: u16 = 201;

fn no_answer() -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">"The app did not answer"</p>
            <p>"Check the connection, and that the server runs. Then try again."</p>
            <p class="muted">"Code: " <code>"app_unreachable"</code></p>
        </div>
    }
}
