//! Further reading: pages of Logto's documentation, for each step.

use leptos::prelude::*;

use super::{Icon, Step, Symbol};
use crate::language::{Language, language};

/// The step, the key of the title, and the path on docs.logto.io.
const READINGS: [(Step, &str, &str); 30] = [
    (Step::Overview, "overview-read-flows", "/end-user-flows"),
    (Step::Overview, "overview-read-connectors", "/connectors"),
    (Step::Overview, "overview-read-authorization", "/authorization"),
    (Step::SetUp, "set-up-read-quick-starts", "/quick-starts"),
    (Step::SetUp, "set-up-read-self-hosted", "/introduction/set-up-logto-oss"),
    (
        Step::SignIn,
        "sign-in-read-parameters",
        "/end-user-flows/authentication-parameters",
    ),
    (
        Step::SignIn,
        "sign-in-read-first-screen",
        "/end-user-flows/authentication-parameters/first-screen",
    ),
    (
        Step::SignIn,
        "sign-in-read-direct",
        "/end-user-flows/authentication-parameters/direct-sign-in",
    ),
    (
        Step::SignIn,
        "sign-in-read-languages",
        "/end-user-flows/authentication-parameters/ui-locales",
    ),
    (Step::SignIn, "sign-in-read-token", "/end-user-flows/one-time-token"),
    (
        Step::SignIn,
        "sign-in-read-social",
        "/end-user-flows/sign-up-and-sign-in/social-sign-in",
    ),
    (Step::SignIn, "sign-in-read-out", "/end-user-flows/sign-out"),
    (
        Step::Protect,
        "protect-read-roles",
        "/authorization/role-based-access-control",
    ),
    (
        Step::Protect,
        "protect-read-organizations",
        "/authorization/organization-permissions",
    ),
    (Step::Profile, "profile-read-custom", "/developers/custom-id-token"),
    (
        Step::Profile,
        "profile-read-collect",
        "/end-user-flows/collect-user-profile",
    ),
    (
        Step::Resources,
        "resources-read-rbac",
        "/authorization/role-based-access-control",
    ),
    (
        Step::Resources,
        "resources-read-resources",
        "/authorization/global-api-resources",
    ),
    (
        Step::Resources,
        "resources-read-validate",
        "/authorization/validate-access-tokens",
    ),
    (Step::Resources, "resources-read-opaque", "/concepts/opaque-token"),
    (
        Step::Resources,
        "resources-read-claims",
        "/developers/custom-token-claims",
    ),
    (
        Step::Organizations,
        "organizations-read-template",
        "/authorization/organization-template",
    ),
    (
        Step::Organizations,
        "organizations-read-permissions",
        "/authorization/organization-permissions",
    ),
    (
        Step::Organizations,
        "organizations-read-resources",
        "/authorization/organization-level-api-resources",
    ),
    (
        Step::Organizations,
        "organizations-read-experience",
        "/end-user-flows/organization-experience/organization-switcher",
    ),
    (
        Step::Account,
        "my-account-read-api",
        "/end-user-flows/account-settings/by-account-api",
    ),
    (
        Step::Account,
        "my-account-read-center",
        "/end-user-flows/account-settings/by-account-center-ui",
    ),
    (
        Step::Account,
        "act-as-read-impersonation",
        "/developers/user-impersonation",
    ),
    (Step::Sessions, "sessions-read-sign-out", "/end-user-flows/sign-out"),
    (
        Step::Streaming,
        "streaming-read-resources",
        "/authorization/global-api-resources",
    ),
];

/// The readings of a step. The last step has those of all steps.
#[component]
pub(crate) fn ReadMore(step: Step) -> impl IntoView {
    let readings = if step.next().is_some() {
        links(step).into_any()
    } else {
        let all = Step::ALL.into_iter().filter(|step| readings(*step).next().is_some());
        let all = all.map(|step| view! { <h3>{step.name()}</h3> {links(step)} });
        all.collect_view().into_any()
    };
    view! {
        <section class="read-more" aria-labelledby="read-more">
            <h2 id="read-more">{language().text("page-further-readings")}</h2>
            {readings}
        </section>
    }
}

fn readings(step: Step) -> impl Iterator<Item = (&'static str, &'static str)> {
    let readings = READINGS.into_iter().filter(move |(of, ..)| *of == step);
    readings.map(|(_, key, path)| (key, path))
}

fn links(step: Step) -> impl IntoView {
    let language = language();
    // The documentation in French is below `/fr`.
    let folder = match language {
        Language::En => "",
        Language::Fr => "/fr",
    };
    let links = readings(step).map(|(key, path)| {
        view! {
            <li>
                <a href=format!("https://docs.logto.io{folder}{path}")>
                    {language.text(key)} <Icon symbol=Symbol::External />
                </a>
            </li>
        }
    });
    view! { <ul>{links.collect_view()}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_but_the_last_has_further_reading() {
        for step in Step::ALL {
            assert_eq!(readings(step).next().is_some(), step.next().is_some(), "{step:?}");
        }
    }
}
