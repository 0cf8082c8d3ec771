//! The user's account at Logto: name and custom data, password and factors, sessions.

#[cfg(test)]
mod tests;

use leptos::prelude::*;
use logto_leptos::{SessionError, auth_session};

use super::act_as;
use crate::{
    components::{Heading, Page, Problem, Section, Step, Tip, advice_for, or_problem, panes, prose},
    language::language,
    samples::{
        account_form::{EditAccount, ProfileTexts},
        account_links::{AccountCenterLinks, LinkTexts},
        account_session_list::{AccountSessions, SessionTexts},
    },
};

#[component]
pub(crate) fn Account() -> impl IntoView {
    let language = language();
    let profile = Heading::new("name-and-custom-data", language.text("my-account-profile"));
    let security = Heading::new("password-and-factors", language.text("my-account-security"));
    let sessions = Heading::new("signed-in-browsers", language.text("my-account-sessions"));
    let support = Heading::new("act-as", language.text("act-as-link"));
    view! {
        <Page
            step=Step::Account
            heading=language.text("my-account-heading")
            about=language.text("my-account-about")
            contents=[&profile, &security, &sessions, &support].map(Clone::clone)
        >
            <Section heading=profile panes=[panes::ACCOUNT_PROFILE] supporting=[panes::ACCOUNT_FORM, panes::ACCOUNT_ERROR]>
                {prose("my-account-profile-what-html")}
                {prose("my-account-profile-custom")}
                {or_problem(edit())}
                <Tip>{prose("my-account-profile-tip-html")}</Tip>
            </Section>
            <Section heading=security panes=[panes::ACCOUNT_LINKS]>
                {prose("my-account-security-what-html")}
                {or_problem(links())}
            </Section>
            <Section heading=sessions panes=[panes::ACCOUNT_SESSIONS] supporting=[panes::ACCOUNT_SESSION_LIST, panes::EXPIRY]>
                {prose("my-account-sessions-what-html")}
                {prose("my-account-sessions-proof-html")}
                {or_problem(sessions_of_user())}
                <Tip>{prose("my-account-sessions-tip")}</Tip>
            </Section>
            <Section heading=support>
                <p>{language.text("act-as-link-what")}</p>
                <div class="actions">
                    <a class="button" href=act_as::PATH>
                        {language.text("act-as-link-open")}
                    </a>
                </div>
            </Section>
        </Page>
    }
}

/// The form, or the reason why Logto does not show the account: the tenant has to switch the API on.
async fn edit() -> Result<impl IntoView, Problem> {
    let account = auth_session()?.account().await?;
    account.account().await.map_err(SessionError::from)?;
    let language = language();
    let texts = ProfileTexts {
        name: language.text("my-account-name").into_owned(),
        theme: language.text("my-account-theme").into_owned(),
        save: language.text("my-account-save").into_owned(),
        invalid: language.text("my-account-invalid").into_owned(),
    };
    Ok(view! { <EditAccount texts explain /> })
}

async fn links() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    let language = language();
    let texts = LinkTexts {
        password: language.text("my-account-password").into_owned(),
        authenticator_app: language.text("my-account-authenticator").into_owned(),
        passkey: language.text("my-account-passkey").into_owned(),
        security: language.text("my-account-overview").into_owned(),
    };
    Ok(view! { <AccountCenterLinks texts explain /> })
}

async fn sessions_of_user() -> Result<impl IntoView, Problem> {
    logto_leptos::require_user().await?;
    let language = language();
    let texts = SessionTexts {
        password: language.text("my-account-your-password").into_owned(),
        confirm: language.text("my-account-confirm").into_owned(),
        this_one: language.text("my-account-this-one").into_owned(),
        sign_out: language.text("my-account-sign-out-there").into_owned(),
        unknown_browser: language.text("my-account-unknown-browser").into_owned(),
    };
    Ok(view! { <AccountSessions texts explain /> })
}

/// Returns the title and the advice for the code of an error.
fn explain(code: &str) -> String {
    let words = advice_for(code);
    format!("{}. {}", words.title, words.advice)
}
