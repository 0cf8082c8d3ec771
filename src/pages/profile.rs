//! Claims and scopes, and the claims of userinfo.

mod claims;

use leptos::prelude::*;
use logto_leptos::{ContextOptions, LogtoContext, SessionError, SignedIn, SignedOut, logto_context};
use serde_json::Value;

use self::claims::{SCOPES, ScopeClaims, in_user_info, is_empty};
use crate::{
    components::{Heading, Page, Problem, Section, Step, Tip, or_problem, panes, time},
    language::language,
    samples::{claims::show, user_info::UserInfo},
    server::requested_scopes::requested_scopes,
};

#[component]
pub(crate) fn Profile() -> impl IntoView {
    let language = language();
    let meaning = Heading::new("claims-and-scopes", language.text("profile-meaning"));
    let by_scope = Heading::new("claims-by-scope", language.text("profile-by-scope"));
    let more = Heading::new("more-scopes", language.text("profile-more"));
    let user_info = Heading::new("user-info", language.text("profile-user-info"));
    view! {
        <Page
            step=Step::Profile
            heading=language.text("profile-heading")
            about=language.text("profile-about")
            contents=[meaning.clone(), by_scope.clone(), more.clone(), user_info.clone()]
            islands=false
        >
            <Section heading=meaning>
                <p inner_html=language.text("profile-meaning-claim-html").into_owned()></p>
                <p inner_html=language.text("profile-meaning-scope-html").into_owned()></p>
                <p inner_html=language.text("profile-meaning-always-html").into_owned()></p>
            </Section>
            <Section heading=by_scope>
                <p>{language.text("profile-by-scope-text")}</p>
                {or_problem(claims_by_scope())}
                <Tip>
                    <p inner_html=language.text("profile-times-html").into_owned()></p>
                </Tip>
            </Section>
            <Section heading=more panes=[panes::SCOPES]>
                <p>{language.text("profile-more-why")}</p>
                <p inner_html=language.text("profile-more-how-html").into_owned()></p>
                <p>{language.text("profile-more-now")}</p>
                <ul class="chips">
                    {requested_scopes().into_iter().map(|scope| view! { <li>{scope}</li> }).collect_view()}
                </ul>
            </Section>
            <Section heading=user_info panes=[panes::USER_INFO] supporting=[panes::ERROR_NOTE]>
                <p inner_html=language.text("profile-user-info-why-html").into_owned()></p>
                <SignedIn>
                    <UserInfo />
                </SignedIn>
                <SignedOut>
                    <p class="empty">{language.text("profile-user-info-signed-out")}</p>
                </SignedOut>
                <Tip>
                    <p inner_html=language.text("profile-user-info-cost-html").into_owned()></p>
                </Tip>
            </Section>
        </Page>
    }
}

async fn claims_by_scope() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default().with_user_info(true)).await?;
    if !context.is_authenticated() {
        return Err(SessionError::without_user(context.state).into());
    }
    let language = language();
    let requested = requested_scopes();
    let groups = SCOPES
        .iter()
        .map(|scope| group(scope, &requested, &context))
        .collect_view();
    Ok(view! {
        <table class="claims compared">
            <thead>
                <tr>
                    <th scope="col">{language.text("profile-claim")}</th>
                    <th scope="col">{language.text("profile-value")}</th>
                    <th scope="col">{language.text("profile-place")}</th>
                </tr>
            </thead>
            {groups}
        </table>
    }
    .into_any())
}

/// The rows of one scope: its claims, or the reason why there are none.
fn group(scope: &'static ScopeClaims, requested: &[String], context: &LogtoContext) -> impl IntoView + use<> {
    let language = language();
    let requested = requested.iter().any(|name| name == scope.scope);
    let rows: Vec<_> = scope.claims.iter().flat_map(|claim| rows(claim, context)).collect();
    let none = rows.is_empty().then(|| {
        let reason = if requested {
            language.text("profile-none")
        } else {
            language.text("profile-would-add")
        };
        view! {
            <tr>
                <td colspan="3" class="muted">
                    {reason}
                    " "
                    <span class="mono">{scope.claims.join(", ")}</span>
                </td>
            </tr>
        }
    });
    let (class, state) = if requested {
        ("tag ok", language.text("profile-requested"))
    } else {
        ("tag", language.text("profile-not-requested"))
    };
    view! {
        <tbody>
            <tr class="scope">
                <th scope="rowgroup" colspan="3">
                    {language.text("profile-scope")}
                    " "
                    <code>{scope.scope}</code>
                    " "
                    <span class=class>{state}</span>
                </th>
            </tr>
            {rows}
            {none}
        </tbody>
    }
}

/// The rows of one claim: two if the ID token and userinfo have different values, otherwise one. An
/// empty claim counts as missing, because the type of userinfo does not tell `null` from a missing
/// claim.
fn rows(claim: &'static str, context: &LogtoContext) -> Vec<impl IntoView + use<>> {
    let claims = context.claim_map();
    let id_token = claims.get(claim);
    let user_info = context.user_info.as_ref().and_then(|info| in_user_info(info, claim));
    let found = match (id_token, &user_info) {
        (Some(value), Some(other)) if value == other => vec![(value, "profile-in-both")],
        (Some(value), None) if is_empty(value) => vec![(value, "profile-nowhere")],
        (id_token, user_info) => {
            let places = [
                (id_token, "profile-in-id-token"),
                (user_info.as_ref(), "profile-in-user-info"),
            ];
            places
                .into_iter()
                .filter_map(|(value, place)| Some((value?, place)))
                .collect()
        }
    };
    let language = language();
    let row = |(value, place): (&Value, &'static str)| {
        view! {
            <tr>
                <th scope="row">{claim}</th>
                <td>{value_of(claim, value)}</td>
                <td class="place">{language.text(place)}</td>
            </tr>
        }
    };
    found.into_iter().map(row).collect()
}

/// A point in time in the language of the page, and other values as the shown code shows them.
fn value_of(claim: &str, value: &Value) -> AnyView {
    match seconds(claim, value) {
        Some(seconds) => time(seconds).into_any(),
        None => show(value.clone(), None),
    }
}

/// The times of the profile are in milliseconds.
fn seconds(claim: &str, value: &Value) -> Option<u64> {
    let milliseconds = value
        .as_u64()
        .filter(|_| matches!(claim, "created_at" | "updated_at"))?;
    Some(milliseconds / 1000)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_milliseconds() {
        let created = json!(1_705_311_000_123_u64);
        assert_eq!(seconds("created_at", &created), Some(1_705_311_000));
        assert_eq!(seconds("seats", &created), None);
        assert_eq!(seconds("created_at", &Value::Null), None);
    }
}
