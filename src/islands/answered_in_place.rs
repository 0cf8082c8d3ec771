//! Forms whose answers are shown on the page they are on.

use leptos::{
    either::EitherOf4,
    ev::SubmitEvent,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys::{FormData, HtmlFormElement, RequestInit, RequestMode, RequestRedirect, Response, UrlSearchParams},
};

use super::countdown::count_down;

/// What came of the form that was sent last.
#[derive(Clone)]
enum Outcome {
    Nothing,
    Loading,
    /// HTML that the server has drawn.
    Answer(String),
    NoAnswer,
}

/// Forms, and below them what came of the one sent last: HTML that the server has drawn. Without
/// scripts the forms do the same, and lead back to the page; `data-live` says that they are
/// answered here from now on.
#[island]
pub fn AnsweredInPlace(children: Children) -> impl IntoView {
    let live = RwSignal::new(false);
    // Not before the browser has taken the forms over.
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
        // All outcomes take the same room, so that nothing jumps.
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

/// Sends the form as the browser would. An answer is HTML from this site; an error page of a proxy
/// is none, nor is a page that it leads to.
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
    // What was refused can be corrected and sent again.
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
