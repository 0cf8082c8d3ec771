//! The home page: sign in and see the claims of the ID token.

use leptos::prelude::*;
use logto_leptos::{ContextOptions, SessionError, SessionState, SignIn, logto_context, use_session};

use crate::{
    components::{Heading, Page, Problem, Reading, Section, SignInDiagram, Step, or_problem, panes},
    samples::claims::Claims,
    state::AppState,
};

#[component]
pub(crate) fn Home() -> impl IntoView {
    let signed_in = use_session().get_untracked().is_authenticated();
    let flow = Heading::new("flow", "How a sign-in works");
    let account = if signed_in {
        Heading::new("who-you-are", "Who you are")
    } else {
        Heading::new("sign-in-and-out", "Sign in and out")
    };
    let set_up = Heading::new("set-up", "Set it up once");
    view! {
        <Page
            step=Step::SignIn
            heading="Sign in with Logto"
            about="This site is a live quick start. It signs you in with Logto, and each page shows one step of the \
            integration at work beside the lines of source that do it. Pages come from the server and work without \
            JavaScript; tokens never reach the browser."
            contents=[account.clone(), flow.clone(), set_up.clone()]
            read_more=[
                Reading::new("Authentication parameters", "/end-user-flows/authentication-parameters"),
                Reading::new("Social sign-in", "/end-user-flows/sign-up-and-sign-in/social-sign-in"),
                Reading::new("Sign-out", "/end-user-flows/sign-out"),
            ]
            islands=false
        >
            <Section heading=account panes=[panes::ACCOUNT, panes::CLAIMS]>
                {or_problem(claims())}
            </Section>
            <Section heading=flow>
                <SignInDiagram />
            </Section>
            <Section heading=set_up panes=[panes::SET_UP]>
                <p>
                    "One router, two lines of it about sign-in: the routes that send people to Logto, take them back \
                    and sign them out, and the layer that keeps each session in encrypted cookies."
                </p>
            </Section>
        </Page>
    }
}

async fn claims() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default()).await?;
    if context.state == SessionState::AccessDenied {
        return Err(SessionError::AccessDenied.into());
    }
    Ok(if context.is_authenticated() {
        claims_table().into_any()
    } else {
        before_sign_in()
    })
}

fn claims_table() -> impl IntoView {
    view! {
        <p>"You are signed in. Every claim of your ID token, verified when it came:"</p>
        <Claims>
            <th scope="col">"Claim"</th>
            <th scope="col">"Value"</th>
        </Claims>
    }
}

fn before_sign_in() -> AnyView {
    let local_provider = use_context::<AppState>().is_some_and(|state| state.settings.local_provider);
    view! {
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
