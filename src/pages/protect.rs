//! How to protect a page: by a user, by a role, by a proof, and where the data is read.

mod guarded;
mod step_up;

use leptos::prelude::*;
use logto_leptos::{AuthErrorKind, role};

pub(crate) use self::{
    guarded::{ManagerPage, MemberPage},
    step_up::{ApiDemandPage, RecentSignInPage, SecondFactorPage},
};
use crate::{
    components::{Heading, Page, Problem, ProblemNote, Section, Step, Tip, panes},
    language::language,
    state::AppState,
};

const MEMBER: &str = "/protect/member";
const MANAGER: &str = "/protect/manager";

#[component]
pub(crate) fn ProtectPages() -> impl IntoView {
    let language = language();
    let member = Heading::new("signed-in-page", language.text("protect-member"));
    let manager = Heading::new("role-page", language.text("protect-manager"));
    let step_up = Heading::new("step-up", language.text("protect-step-up"));
    let api = Heading::new("api-demand", language.text("protect-sales"));
    let check = Heading::new("check", language.text("protect-check"));
    let who = Heading::new("who-sees-what", language.text("protect-who"));
    let contents = [&member, &manager, &step_up, &api, &check, &who];
    let has_demo_users = use_context::<AppState>().is_some_and(|state| state.settings.local_provider);
    let demo_users = has_demo_users.then(|| language.text("protect-manager-demo-html").into_owned());
    view! {
        <Page
            step=Step::Protect
            heading=language.text("protect-heading")
            about=language.text("protect-about")
            contents=contents.map(Clone::clone)
            islands=false
        >
            <Section heading=member panes=[panes::SIGNED_IN_PAGE] supporting=[panes::ERROR_NOTE]>
                <p inner_html=language.text("protect-member-text-html").into_owned()></p>
                <div class="actions">
                    <a class="button" href=MEMBER>
                        {language.text("protect-member-open")}
                    </a>
                </div>
            </Section>
            <Section heading=manager panes=[panes::ROLE_PAGE]>
                <p inner_html=language.text("protect-manager-text-html").into_owned()></p>
                <p inner_html=language.text("protect-manager-role-html").into_owned()></p>
                {demo_users.map(|text| view! { <p inner_html=text></p> })}
                <div class="actions">
                    <a class="button" href=MANAGER>
                        {language.text("protect-manager-open")}
                    </a>
                </div>
            </Section>
            <step_up::StepUp heading=step_up />
            <step_up::ApiDemand heading=api />
            <Section heading=check>
                <p inner_html=language.text("protect-check-why-html").into_owned()></p>
                <p inner_html=language.text("protect-check-error-html").into_owned()></p>
                <Tip>
                    <p inner_html=language.text("protect-check-more-html").into_owned()></p>
                </Tip>
            </Section>
            <Section heading=who>
                <p>{language.text("protect-who-text")}</p>
                {Suspend::new(async move { who_sees_what(you().await) })}
            </Section>
        </Page>
    }
}

/// The columns of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Visitor,
    User,
    Manager,
}

/// The column of the visitor of this page.
async fn you() -> Result<Who, Problem> {
    let Err(error) = logto_leptos::require(role("manager")).await else {
        return Ok(Who::Manager);
    };
    match error.kind() {
        AuthErrorKind::NotSignedIn | AuthErrorKind::SignInNeeded => Ok(Who::Visitor),
        AuthErrorKind::Forbidden => Ok(Who::User),
        _ => Err(error.into()),
    }
}

fn who_sees_what(you: Result<Who, Problem>) -> impl IntoView {
    let language = language();
    let (you, problem) = match you {
        Ok(you) => (Some(you), None),
        Err(problem) => (None, Some(problem)),
    };
    let columns = [
        (Who::Visitor, language.text("protect-visitor")),
        (Who::User, language.text("protect-user")),
        (Who::Manager, language.text("protect-role")),
    ];
    let columns = columns.map(|(who, name)| {
        let here = (you == Some(who)).then(|| view! { <span class="tag ok">{language.text("protect-you")}</span> });
        view! { <th scope="col">{name} " " {here}</th> }
    });
    let rows = [
        ("GET", MEMBER, ["303", "200", "200"]),
        ("GET", MANAGER, ["303", "403", "200"]),
        ("POST", "/fn/my-id", ["401", "200", "200"]),
        ("POST", "/fn/managers-data", ["401", "403", "200"]),
    ];
    let rows = rows.map(|(method, path, answers)| {
        let answers = answers.map(|answer| view! { <td>{answer}</td> });
        view! {
            <tr>
                <th scope="row">
                    <code>{method} " " {path}</code>
                </th>
                {answers.into_iter().collect_view()}
            </tr>
        }
    });
    view! {
        {problem.map(|problem| view! { <ProblemNote problem /> })}
        <table class="statuses">
            <thead>
                <tr>
                    <th scope="col">{language.text("protect-request")}</th>
                    {columns.into_iter().collect_view()}
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}
