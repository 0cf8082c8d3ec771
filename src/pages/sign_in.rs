//! The page about signing in and out: the buttons, the callback, and the options.

use leptos::prelude::*;
use logto_leptos::{SignedIn, SignedOut};

use crate::{
    components::{Heading, Page, Section, Step, Tip, panes},
    language::language,
    samples::{
        session_state::SessionSignals,
        sign_in_options::{
            SignInAgain, SignInAs, SignInByEmailOrPhone, SignInByMagicLink, SignInForOrganization, SignInInLanguage,
            SignInWithGitHub, SignUp,
        },
        sign_in_out::SignInOut,
        sign_out_options::{SignOutOfLogto, SignOutOfThisApp},
    },
};

#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let language = language();
    let heading = |id: &str, key| Heading::new(id, language.text(key));
    let buttons = heading("buttons", "sign-in-buttons");
    let state = heading("session-state", "sign-in-state");
    let callback = heading("callback", "sign-in-callback");
    let options = heading("options", "sign-in-options");
    let sign_out = heading("sign-out", "sign-in-out");
    view! {
        <Page
            step=Step::SignIn
            heading=language.text("sign-in-heading")
            about=language.text("sign-in-about")
            contents=[buttons.clone(), state.clone(), callback.clone(), options.clone(), sign_out.clone()]
            islands=false
        >
            <Section heading=buttons panes=[panes::SIGN_IN_OUT]>
                <p inner_html=language.text("sign-in-buttons-about-html").into_owned()></p>
                <SignInOut />
                <p inner_html=language.text("sign-in-buttons-form-html").into_owned()></p>
            </Section>
            <Section heading=state panes=[panes::SESSION_STATE]>
                <p inner_html=language.text("sign-in-state-about-html").into_owned()></p>
                <SessionSignals />
            </Section>
            <Section heading=callback panes=[panes::ROUTER]>
                <p inner_html=language.text("sign-in-callback-about-html").into_owned()></p>
                <Routes />
                <Tip>
                    <p inner_html=language.text("sign-in-callback-tip-html").into_owned()></p>
                </Tip>
            </Section>
            <Section heading=options panes=[panes::SIGN_IN_OPTIONS]>
                <p>{language.text("sign-in-options-about")}</p>
                <Options />
            </Section>
            <Section heading=sign_out panes=[panes::SIGN_OUT_OPTIONS]>
                <p>{language.text("sign-in-out-about")}</p>
                <KindsOfSignOut />
            </Section>
        </Page>
    }
}

/// The routes of the library that take part in signing in and out.
#[component]
fn Routes() -> impl IntoView {
    let language = language();
    let routes = [
        ("POST /sign-in", "sign-in-route-sign-in"),
        ("GET /callback", "sign-in-route-callback"),
        ("POST /sign-out", "sign-in-route-sign-out"),
        ("POST /organization", "sign-in-route-organization"),
        ("POST /backchannel-logout", "sign-in-route-backchannel"),
    ];
    let rows = routes.map(|(route, purpose)| {
        view! {
            <tr>
                <th scope="row">
                    <code>{route}</code>
                </th>
                <td>{language.text(purpose)}</td>
            </tr>
        }
    });
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{language.text("sign-in-route")}</th>
                    <th scope="col">{language.text("sign-in-route-purpose")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}

/// The options, each as a form.
#[component]
fn Options() -> impl IntoView {
    let language = language();
    let (button, other) = (move |key| language.text(key), language.other().tag());
    view! {
        <Choice
            title="sign-in-first-screen"
            about="sign-in-first-screen-about"
            code="first_screen=FirstScreen::Register"
        >
            <SignUp>{button("sign-in-first-screen-button")}</SignUp>
        </Choice>
        <Choice
            title="sign-in-identifiers"
            about="sign-in-identifiers-about"
            code="identifiers=[Identifier::Email, Identifier::Phone]"
        >
            <SignInByEmailOrPhone>{button("sign-in-identifiers-button")}</SignInByEmailOrPhone>
        </Choice>
        <Choice title="sign-in-direct" about="sign-in-direct-about" code=r#"direct_sign_in="social:github""#>
            <SignInWithGitHub>{button("sign-in-direct-button")}</SignInWithGitHub>
        </Choice>
        <Choice title="sign-in-hint" about="sign-in-hint-about" code=r#"login_hint="ada""#>
            <SignInAs hint="ada">{button("sign-in-hint-button")}</SignInAs>
        </Choice>
        <Choice
            title="sign-in-language"
            about="sign-in-language-about"
            code=format!("ui_locales=\"{other}\"")
        >
            <SignInInLanguage tag=other>{button("sign-in-language-button")}</SignInInLanguage>
        </Choice>
        <Choice title="sign-in-organization" about="sign-in-organization-about" code=r#"organization_id="acme""#>
            <SignInForOrganization id="acme">{button("sign-in-organization-button")}</SignInForOrganization>
        </Choice>
        <Choice title="sign-in-prompt" about="sign-in-prompt-about" code="prompt=[Prompt::Login, Prompt::Consent]">
            <SignInAgain>{button("sign-in-prompt-button")}</SignInAgain>
        </Choice>
        <Choice
            title="sign-in-token"
            about="sign-in-token-about"
            code="one_time_token=token login_hint=email"
        >
            <SignInByMagicLink token="made-up-token" email="ada@example.com">
                {button("sign-in-token-button")}
            </SignInByMagicLink>
        </Choice>
    }
}

/// An option: what Logto will do, the property that asks for it, and the form.
#[component]
fn Choice(
    /// Keys of texts.
    title: &'static str,
    about: &'static str,
    #[prop(into)] code: String,
    children: Children,
) -> impl IntoView {
    let language = language();
    view! {
        <div class="part">
            <h3>{language.text(title)}</h3>
            <p>{language.text(about)}</p>
            <p>
                <code>{code}</code>
            </p>
            {children()}
        </div>
    }
}

#[component]
fn KindsOfSignOut() -> impl IntoView {
    let language = language();
    view! {
        <SignedIn>
            <div class="actions">
                <SignOutOfLogto>{language.text("sign-in-out-everywhere")}</SignOutOfLogto>
                <SignOutOfThisApp>{language.text("sign-in-out-here")}</SignOutOfThisApp>
            </div>
        </SignedIn>
        <SignedOut no_access=|| ()>
            <p class="muted">{language.text("sign-in-out-signed-out")}</p>
        </SignedOut>
        <Tip>
            <p>{language.text("sign-in-out-tip")}</p>
        </Tip>
    }
}
