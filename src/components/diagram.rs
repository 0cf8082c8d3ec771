//! The diagram of a sign-in: messages between browser, app and Logto.

use leptos::prelude::*;

use crate::language::language;

/// A message: its class, which names its direction, the direction as text, and what is sent.
type Message = (&'static str, &'static str, &'static str);

const MESSAGES: [Message; 6] = [
    ("browser-app", "overview-flow-browser-app", "overview-flow-form-html"),
    ("browser-logto", "overview-flow-browser-logto", "overview-flow-redirect"),
    ("logto-app", "overview-flow-logto-browser", "overview-flow-code-html"),
    ("app-logto", "overview-flow-app-logto", "overview-flow-exchange"),
    ("logto-app", "overview-flow-logto-app", "overview-flow-tokens"),
    ("app-browser", "overview-flow-app-browser", "overview-flow-page"),
];

/// Shows the messages of a sign-in from top to bottom. It is a list, so that it can be read
/// without seeing the arrows.
#[component]
pub(crate) fn SignInDiagram() -> impl IntoView {
    let language = language();
    let messages = MESSAGES.map(|(class, direction, sent)| {
        view! {
            <li class=class>
                <span class="message">
                    <span class="visually-hidden">{language.text(direction)} " "</span>
                    <span inner_html=language.text(sent).into_owned()></span>
                </span>
                <span class="arrow"></span>
            </li>
        }
    });
    view! {
        <figure class="diagram" aria-label=language.text("overview-flow-label")>
            <div class="parties" aria-hidden="true">
                <span>{language.text("overview-flow-browser")}</span>
                <span>{language.text("overview-flow-app")}</span>
                <span>"Logto"</span>
            </div>
            <ol>{messages.into_iter().collect_view()}</ol>
        </figure>
    }
}
