//! The page about the set-up: the crate, the environment, the router, and the addresses to register.

use leptos::prelude::*;
use logto_leptos::{AddressPurpose, AddressToRegister, Registration, auth_session};

use crate::{
    components::{CopyLine, Heading, Icon, Page, Problem, Section, Step, Symbol, Tip, or_problem, panes},
    language::language,
};

#[component]
pub(crate) fn SetUp() -> impl IntoView {
    let language = language();
    let heading = |id: &str, key| Heading::new(id, language.text(key));
    let before = heading("prerequisites", "set-up-before");
    let install = heading("installation", "set-up-install");
    let environment = heading("environment", "set-up-environment");
    let router = heading("router", "set-up-router");
    let hydration = heading("hydration", "set-up-hydration");
    let addresses = heading("redirect-uris", "set-up-addresses");
    let configs = heading("configuration", "set-up-configs");
    view! {
        <Page
            step=Step::SetUp
            heading=language.text("set-up-heading")
            about=language.text("set-up-about")
            contents=[
                before.clone(),
                install.clone(),
                environment.clone(),
                router.clone(),
                hydration.clone(),
                addresses.clone(),
                configs.clone(),
            ]
            islands=false
        >
            <Section heading=before>
                <Prerequisites />
            </Section>
            <Section heading=install panes=[panes::CHANGES]>
                <Installation />
            </Section>
            <Section heading=environment>
                <Environment />
            </Section>
            <Section heading=router panes=[panes::START_AXUM_MAIN] supporting=[panes::START_AXUM_APP]>
                <p inner_html=language.text("set-up-router-about-html").into_owned()></p>
                <p inner_html=language.text("set-up-router-provider-html").into_owned()></p>
            </Section>
            <Section heading=hydration panes=[panes::LIB]>
                <p inner_html=language.text("set-up-hydration-about-html").into_owned()></p>
                <p inner_html=language.text("set-up-hydration-islands-html").into_owned()></p>
                <p inner_html=language.text("set-up-samples-html").into_owned()></p>
                <CopyLine text="cargo add serde --features derive" />
                <CopyLine text="cargo add serde_json" />
                <CopyLine text="cargo add reqwest --features json --optional" />
            </Section>
            <Section heading=addresses>
                <p inner_html=language.text("set-up-addresses-about-html").into_owned()></p>
                {or_problem(addresses_to_register())}
                <p class="muted">{language.text("set-up-addresses-check")}</p>
            </Section>
            <Section heading=configs panes=[panes::CONFIGS]>
                <p inner_html=language.text("set-up-configs-about-html").into_owned()></p>
                <p inner_html=language.text("set-up-configs-two-html").into_owned()></p>
                <Tip>
                    <p>{language.text("set-up-configs-tip")}</p>
                </Tip>
            </Section>
        </Page>
    }
}

#[component]
fn Prerequisites() -> impl IntoView {
    let language = language();
    view! {
        <ul>
            <li inner_html=language.text("set-up-before-app-html").into_owned()></li>
            <li inner_html=language.text("set-up-before-logto-html").into_owned()></li>
            <li inner_html=language.text("set-up-before-type-html").into_owned()></li>
        </ul>
        <Tip>
            <p inner_html=language.text("set-up-before-tip-html").into_owned()></p>
        </Tip>
    }
}

#[component]
fn Installation() -> impl IntoView {
    let language = language();
    view! {
        <p>{language.text("set-up-install-about")}</p>
        <CopyLine text="cargo add logto-leptos --path ../leptos-logto/crates/logto-leptos" />
        <CopyLine text="cargo add tracing-subscriber --optional" />
        <p inner_html=language.text("set-up-install-changes-html").into_owned()></p>
        <p inner_html=language.text("set-up-install-features-html").into_owned()></p>
        <p inner_html=language.text("set-up-install-template-html").into_owned()></p>
        <CopyLine text="cargo leptos new --path leptos-logto/examples/start-axum-hydrate" />
    }
}

#[component]
fn Environment() -> impl IntoView {
    let language = language();
    let variables = [
        ("LOGTO_ENDPOINT", "set-up-variable-endpoint"),
        ("LOGTO_APP_ID", "set-up-variable-app-id"),
        ("LOGTO_APP_SECRET", "set-up-variable-app-secret"),
        ("LOGTO_COOKIE_SECRET", "set-up-variable-cookie-secret"),
        ("LOGTO_BASE_URL", "set-up-variable-base-url"),
        ("LOGTO_SCOPES", "set-up-variable-scopes"),
        ("LOGTO_RESOURCES", "set-up-variable-resources"),
        ("LOGTO_STORE_URL", "set-up-variable-store"),
    ];
    let rows = variables.map(|(name, value)| {
        view! {
            <tr>
                <th scope="row">
                    <code>{name}</code>
                </th>
                <td>{language.text(value)}</td>
            </tr>
        }
    });
    view! {
        <p inner_html=language.text("set-up-environment-about-html").into_owned()></p>
        <table>
            <thead>
                <tr>
                    <th scope="col">{language.text("set-up-variable")}</th>
                    <th scope="col">{language.text("set-up-variable-value")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
        <p>{language.text("set-up-environment-secret")}</p>
        <CopyLine text="openssl rand -base64 32" />
    }
}

/// The addresses of this app, and whether the provider knows them.
async fn addresses_to_register() -> Result<impl IntoView, Problem> {
    let language = language();
    let addresses = auth_session()?.logto().addresses_to_register().await;
    let is_away = addresses.iter().any(|address| {
        address.purpose() != AddressPurpose::BackchannelLogout && address.registration() == Registration::Undecided
    });
    let addresses = addresses
        .into_iter()
        .map(|address| view! { <Address address /> })
        .collect_view();
    Ok(view! {
        <ul class="addresses">{addresses}</ul>
        {is_away
            .then(|| {
                view! {
                    <div class="note fault">
                        <p class="note-title"><Icon symbol=Symbol::Warning /> {language.text("set-up-away")}</p>
                        <p>{language.text("set-up-away-advice")}</p>
                    </div>
                }
            })}
    })
}

/// An address to copy into the Logto console, and its state there.
#[component]
fn Address(address: AddressToRegister) -> impl IntoView {
    let language = language();
    let field = match address.purpose() {
        AddressPurpose::SignIn => "set-up-redirect-uri",
        AddressPurpose::SignOut => "set-up-post-sign-out-redirect-uri",
        _ => "set-up-backchannel-logout-uri",
    };
    let (class, symbol, state) = match address.registration() {
        // The provider cannot be asked.
        _ if address.purpose() == AddressPurpose::BackchannelLogout => ("pill", None, "set-up-state-optional"),
        Registration::Registered => ("pill active", Some(Symbol::Check), "set-up-state-registered"),
        Registration::RedirectUriUnknown => (
            "pill sign-in-needed",
            Some(Symbol::Warning),
            "set-up-state-not-registered",
        ),
        Registration::ApplicationUnknown => (
            "pill sign-in-needed",
            Some(Symbol::Warning),
            "set-up-state-application-unknown",
        ),
        _ => ("pill refreshing", Some(Symbol::Refresh), "set-up-state-away"),
    };
    view! {
        <li>
            <p class="address-field">
                {language.text(field)}
                <span class=class>{symbol.map(|symbol| view! { <Icon symbol /> })} {language.text(state)}</span>
            </p>
            <CopyLine text=address.address() />
        </li>
    }
}
