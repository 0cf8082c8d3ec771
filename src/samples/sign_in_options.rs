use leptos::prelude::*;
use logto_leptos::{FirstScreen, Identifier, Prompt, SignIn};

/// Opens the page that creates an account.
#[component]
pub fn SignUp(children: Children) -> impl IntoView {
    view! {
        <SignIn first_screen=FirstScreen::Register class="button">
            {children()}
        </SignIn>
    }
}

/// Accepts an email address or a phone number, and no username.
#[component]
pub fn SignInByEmailOrPhone(children: Children) -> impl IntoView {
    view! {
        <SignIn
            first_screen=FirstScreen::IdentifierSignIn
            identifiers=[Identifier::Email, Identifier::Phone]
            class="button"
        >
            {children()}
        </SignIn>
    }
}

/// Skips Logto's first page, and goes to a social connector.
#[component]
pub fn SignInWithGitHub(children: Children) -> impl IntoView {
    view! {
        <SignIn direct_sign_in="social:github" class="button">
            {children()}
        </SignIn>
    }
}

/// Prefills the identifier.
#[component]
pub fn SignInAs(#[prop(into)] hint: String, children: Children) -> impl IntoView {
    view! {
        <SignIn login_hint=hint class="button">
            {children()}
        </SignIn>
    }
}

/// Chooses the language of Logto's pages. By default it is the one of this app.
#[component]
pub fn SignInInLanguage(#[prop(into)] tag: String, children: Children) -> impl IntoView {
    view! {
        <SignIn ui_locales=tag class="button">
            {children()}
        </SignIn>
    }
}

/// Shows the logo and the colours of an organization.
#[component]
pub fn SignInForOrganization(#[prop(into)] id: String, children: Children) -> impl IntoView {
    view! {
        <SignIn organization_id=id class="button">
            {children()}
        </SignIn>
    }
}

/// Asks for the password again. Without `Consent`, Logto issues no refresh token.
#[component]
pub fn SignInAgain(children: Children) -> impl IntoView {
    view! {
        <SignIn prompt=[Prompt::Login, Prompt::Consent] class="button">
            {children()}
        </SignIn>
    }
}

/// Signs in with the token of a magic link. Logto also needs the email address it was made for.
#[component]
pub fn SignInByMagicLink(
    #[prop(into)] token: String,
    #[prop(into)] email: String,
    children: Children,
) -> impl IntoView {
    view! {
        <SignIn one_time_token=token login_hint=email class="button">
            {children()}
        </SignIn>
    }
}
