//! Compares the claims of the ID token with userinfo, grouped by scope.

mod claims;

use leptos::prelude::*;
use logto_leptos::{ContextOptions, LogtoContext, SessionError, logto_context};
use serde_json::Value;

use self::claims::{SCOPES, ScopeClaims, in_user_info, is_empty};
use crate::{
    components::{Heading, Page, Problem, Reading, Section, Step, claim_name, claim_value, or_problem, panes},
    samples::user_info::UserInfo,
    server::authorize::requested_scopes,
};

#[component]
pub(crate) fn Profile() -> impl IntoView {
    let by_scope = Heading::new("claims-by-scope", "Claims by scope");
    let user_info = Heading::new("user-info", "Claims of userinfo alone");
    view! {
        <Page
            step=Step::Profile
            heading="Profile"
            about="What the ID token says was true when it was issued. Userinfo is asked for now, and knows more: \
            custom data, linked identities, the names of organizations. Which claims come is decided by the scopes you \
            ask for."
            contents=[by_scope.clone(), user_info.clone()]
            read_more=[
                Reading::new("Custom ID tokens", "/developers/custom-id-token"),
                Reading::new("Collect user profiles", "/end-user-flows/collect-user-profile"),
            ]
            islands=false
        >
            <Section heading=by_scope>{or_problem(claims_by_scope())}</Section>
            <Section heading=user_info panes=[panes::USER_INFO]>
                <UserInfo />
            </Section>
        </Page>
    }
}

async fn claims_by_scope() -> Result<AnyView, Problem> {
    let context = logto_context(ContextOptions::default().with_user_info(true)).await?;
    if !context.is_authenticated() {
        return Err(SessionError::without_user(context.state).into());
    }
    let asked_for = requested_scopes();
    let groups = SCOPES
        .iter()
        .map(|scope| group(scope, &asked_for, &context))
        .collect_view();
    Ok(view! {
        <table class="claims compared">
            <thead>
                <tr>
                    <th scope="col">"Claim"</th>
                    <th scope="col">"Value"</th>
                    <th scope="col">"Found in"</th>
                </tr>
            </thead>
            {groups}
        </table>
    }
    .into_any())
}

/// The rows of one scope: its claims, or the reason why there are none.
fn group(scope: &'static ScopeClaims, asked_for: &[String], context: &LogtoContext) -> impl IntoView + use<> {
    let asked = asked_for.iter().any(|name| name == scope.scope);
    let rows: Vec<_> = scope.claims.iter().flat_map(|claim| rows(claim, context)).collect();
    let none = rows.is_empty().then(|| {
        view! {
            <tr>
                <td colspan="3" class="muted">
                    {if asked { "The user has none of " } else { "Would bring " }}
                    <span class="mono">{scope.claims.join(", ")}</span>
                </td>
            </tr>
        }
    });
    let state = if asked {
        view! { <span class="tag ok">"asked for"</span> }
    } else {
        view! { <span class="tag">"not asked for"</span> }
    };
    view! {
        <tbody>
            <tr class="scope">
                <th scope="rowgroup" colspan="3">
                    "Scope "
                    <code>{scope.scope}</code>
                    " "
                    {state}
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
        (Some(value), Some(other)) if value == other => vec![(value, "both")],
        (Some(value), None) if is_empty(value) => vec![(value, "–")],
        (id_token, user_info) => {
            let places = [(id_token, "ID token"), (user_info.as_ref(), "userinfo")];
            places
                .into_iter()
                .filter_map(|(value, place)| Some((value?, place)))
                .collect()
        }
    };
    let row = |(value, place): (&Value, &'static str)| {
        view! {
            <tr>
                <th scope="row" inner_html=claim_name(claim)></th>
                <td inner_html=claim_value(claim, value)></td>
                <td class="place">{place}</td>
            </tr>
        }
    };
    found.into_iter().map(row).collect()
}
