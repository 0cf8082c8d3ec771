//! The diagram of a sign-in: messages between browser, app and Logto.

use leptos::prelude::*;

/// A message: its class, which names its direction, the direction as text, and what is sent.
type Message = (&'static str, &'static str, AnyView);

/// Shows the messages of a sign-in from top to bottom. It is a list, so that it can be read
/// without seeing the arrows.
#[component]
pub(crate) fn SignInDiagram() -> impl IntoView {
    let messages: [Message; 6] = [
        (
            "browser-app",
            "Browser to app: ",
            view! { "The button sends a form: " <code>"POST /sign-in"</code> }.into_any(),
        ),
        (
            "browser-logto",
            "App to Logto, through the browser: ",
            view! { "Redirect with a state, a nonce and a PKCE challenge" }.into_any(),
        ),
        (
            "logto-app",
            "Logto to app, through the browser: ",
            view! { "After the sign-in, redirect with a code: " <code>"GET /callback"</code> }.into_any(),
        ),
        (
            "app-logto",
            "App to Logto: ",
            view! { "The code, the PKCE verifier and the app secret" }.into_any(),
        ),
        (
            "logto-app",
            "Logto to app: ",
            view! { "ID token, access token, refresh token" }.into_any(),
        ),
        (
            "app-browser",
            "App to browser: ",
            view! { "The page, and an encrypted cookie" }.into_any(),
        ),
    ];
    let messages = messages.map(|(direction, words, sent)| {
        view! {
            <li class=direction>
                <span class="message">
                    <span class="visually-hidden">{words}</span>
                    {sent}
                </span>
                <span class="arrow"></span>
            </li>
        }
    });
    view! {
        <figure class="diagram" aria-label="The messages of a sign-in">
            <div class="parties" aria-hidden="true">
                <span>"Browser"</span>
                <span>"Your app"</span>
                <span>"Logto"</span>
            </div>
            <ol>{messages.into_iter().collect_view()}</ol>
        </figure>
    }
}
