//! The home page: sign in and see the claims of the ID token.

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, SessionState, SignIn, logto_context};

use crate::{
    components::{Code, Demo, Page, Problem, Step, snippets},
    samples::claims::Claims,
    state::AppState,
};

#[component]
pub(crate) fn Home() -> impl IntoView {
    view! {
        <Page
            step=Step::SignIn
            heading="Sign in with Logto"
            about="This site is a live quick start. It signs you in with Logto, and each page shows one step of the \
            integration at work beside the lines of source that do it. Pages come from the server and work without \
            JavaScript; tokens never reach the browser."
            code=snippets::ACCOUNT
            islands=false
            body=Box::pin(body())
        />
    }
}

async fn body() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default()).await?;
    if context.state == SessionState::AccessDenied {
        return Err(SessionError::AccessDenied.into());
    }
    let shown = if context.is_authenticated() {
        claims_table()
    } else {
        before_sign_in()
    };
    Ok(view! {
        {shown}
        {set_up()}
    }
    .into_any())
}

fn set_up() -> impl IntoView {
    view! {
        <Demo heading="Set it up once" code=view! { <Code snippet=snippets::SET_UP /> }.into_any()>
            <p>
                "One router, two lines of it about sign-in: the routes that send people to Logto, take them back \
                and sign them out, and the layer that keeps each session in encrypted cookies."
            </p>
        </Demo>
    }
}

fn claims_table() -> AnyView {
    view! {
        <Demo
            heading="Who you are"
            code=view! { <Code snippet=snippets::CLAIMS /> <Code snippet=snippets::ACCOUNT /> }.into_any()
        >
            <p>"You are signed in. Every claim of your ID token, verified when it came:"</p>
            <Claims>
                <th scope="col">"Claim"</th>
                <th scope="col">"Value"</th>
            </Claims>
        </Demo>
    }
    .into_any()
}

fn before_sign_in() -> AnyView {
    let local_provider = use_context::<AppState>().is_some_and(|state| state.settings.local_provider);
    view! {
        <Demo
            heading="Sign in and out"
            code=view! { <Code snippet=snippets::ACCOUNT /> <Code snippet=snippets::CLAIMS /> }.into_any()
        >
            <p>"You are signed out. This is what will happen:"</p>
            <ol>
                <li>"A form sends you to Logto, with a state, a nonce and a PKCE challenge made for you alone."</li>
                <li>"You prove there who you are. This site never sees your password."</li>
                <li>
                    "You come back with a code. The server redeems it, verifies your ID token and shows your \
                     claims here."
                </li>
            </ol>
            {local_provider.then(demo_users)}
            <SignIn return_to="/" class="button primary">
                "Continue with Logto"
            </SignIn>
        </Demo>
    }
    .into_any()
}

/// The users of the local provider. Their passwords are public.
fn demo_users() -> impl IntoView {
    let users = [
        ("ada", "ada-demo", "every permission, two organizations"),
        ("bob", "bob-demo", "may read products, one organization"),
        ("cleo", "cleo-demo", "no permission, claims that are null"),
    ];
    let rows = users.map(|(username, password, about)| {
        view! {
            <tr>
                <th scope="row">{username}</th>
                <td class="mono">{password}</td>
                <td>{about}</td>
            </tr>
        }
    });
    view! {
        <p>"The local provider has three demo users:"</p>
        <table>
            <thead>
                <tr>
                    <th scope="col">"Username"</th>
                    <th scope="col">"Password"</th>
                    <th scope="col">"Has"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}
