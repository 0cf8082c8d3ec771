//! The sign-in page.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse as _, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    authorize::next_step,
    cookies::{self, Name},
    page::Page,
    problem::ended,
    session,
};
use crate::{
    config::{InteractivePages, User},
    endpoints::{
        authorize::{callback::redirect_to_callback, extra_params},
        error::OidcError,
    },
    provider::{Authentication, Interaction, SharedProvider},
};

/// The fields of both forms of the page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    action: String,
    username: String,
    password: String,
    /// The username of the user whose button was pressed.
    user: Option<String>,
}

pub(super) async fn show(State(provider): SharedProvider, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let state = provider.state();
    let Some(interaction) = state.visits.interaction(&id, browser.as_deref(), provider.now()) else {
        return ended(&pages);
    };
    let username = interaction.params.get("login_hint").unwrap_or_default();
    SignInForm::of(interaction, &state.users, username, interaction.problem.as_deref()).page(&pages, &id)
}

pub(super) async fn submit(
    State(provider): SharedProvider,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, OidcError> {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let now = provider.now();
    let (mut interaction, user_id) = {
        let mut state = provider.state();
        let Some(interaction) = state.visits.interaction(&id, browser.as_deref(), now) else {
            return Ok(ended(&pages));
        };
        let user_id = match check(&fields, &pages, &state.users, interaction.pinned.as_deref()) {
            _ if fields.action == "cancel" => None,
            Ok(user) => Some(user.id.clone()),
            Err(problem) => {
                let form = SignInForm::of(interaction, &state.users, &fields.username, Some(problem));
                return Ok((StatusCode::UNAUTHORIZED, form.page(&pages, &id)).into_response());
            }
        };
        let Some(interaction) = state.visits.take_interaction(&id, browser.as_deref(), now) else {
            return Ok(ended(&pages));
        };
        (interaction, user_id)
    };
    let Some(user_id) = user_id else {
        let error = OidcError::other("access_denied", "End-User aborted interaction");
        return redirect_to_callback(&provider, &interaction.params, || Err(error));
    };
    let cookie = session::start(&provider, &headers, user_id, Authentication::Password);
    interaction.signed_in = Some(cookie.clone());
    let response = next_step(&provider, &pages, interaction, None)?;
    let cookie = cookies::set(&provider, Name::Session, &cookie);
    Ok((AppendHeaders([cookie]), response).into_response())
}

/// The user of the fields, or what is wrong with them.
fn check<'a>(
    fields: &Fields,
    pages: &InteractivePages,
    users: &'a [User],
    pinned: Option<&str>,
) -> Result<&'a User, &'static str> {
    let is_named = |user: &User| user.username == fields.username || user.has_email(&fields.username);
    let user = match &fields.user {
        Some(name) => users.iter().find(|user| pages.user_list && user.username == *name),
        None => users
            .iter()
            .find(|user| is_named(user) && user.password.as_deref() == Some(&fields.password)),
    };
    match user.filter(|user| pinned.is_none_or(|pinned| user.username == pinned)) {
        None => Err("Wrong username or password."),
        Some(user) if user.suspended => Err("This user is suspended."),
        Some(user) => Ok(user),
    }
}

struct SignInForm<'a> {
    interaction: &'a Interaction,
    /// Those who may sign in: all, or the signed-in user who has to authenticate again.
    users: Vec<&'a User>,
    username: &'a str,
    problem: Option<&'a str>,
}

impl<'a> SignInForm<'a> {
    fn of(interaction: &'a Interaction, users: &'a [User], username: &'a str, problem: Option<&'a str>) -> Self {
        let pinned = interaction.pinned.as_deref();
        let may_sign_in = |user: &&User| pinned.is_none_or(|pinned| user.username == pinned);
        Self {
            interaction,
            users: users.iter().filter(may_sign_in).collect(),
            username: pinned.unwrap_or(username),
            problem,
        }
    }

    fn page(&self, pages: &InteractivePages, id: &str) -> Response {
        let options = extra_params::accepted(&self.interaction.params);
        let list = pages.user_list && !self.users.is_empty();
        let has_passwords = self.users.iter().any(|user| user.password.is_some());
        let content = html! {
            p { "to continue to " strong { (pages.app_name) } }
            @if let Some(problem) = self.problem { p role="alert" { (problem) } }
            @if list { (self.user_list()) }
            @if has_passwords || !list { (self.password_form(list)) }
            form method="post" {
                button.plain name="action" value="cancel" { "Cancel" }
            }
            @if self.interaction.pinned.is_none() {
                p.other { "No account yet? " a href={ "/register/" (id) } { "Create account" } }
            }
            (shown_options(&options))
        };
        let mut page = Page::new("Sign in", content);
        page.form_target(self.interaction.params.get("redirect_uri"));
        page.into_response(pages)
    }

    fn user_list(&self) -> Markup {
        html! {
            form.users method="post" {
                h2 { "Choose a user" }
                ul {
                    @for user in &self.users {
                        li { (user_button(user)) }
                    }
                }
            }
        }
    }

    fn password_form(&self, below_list: bool) -> Markup {
        let is_pinned = self.interaction.pinned.is_some();
        let (on_name, on_password) = (self.username.is_empty() && !below_list, !self.username.is_empty());
        html! {
            form method="post" {
                @if below_list { h2 { "Or enter a password" } }
                label for="username" { "Username or email address" }
                input #username name="username" autocomplete="username" autocapitalize="none" spellcheck="false"
                    required value=(self.username) readonly[is_pinned] autofocus[on_name];
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password" required
                    autofocus[on_password];
                button name="action" value="sign-in" { "Sign in" }
            }
        }
    }
}

fn user_button(user: &User) -> Markup {
    let name = user.name.as_ref().unwrap_or(&user.username);
    let roles = user.roles.join(", ");
    let details = [
        user.name.as_ref().and_then(|_| user.username_claim()),
        user.email.as_deref().filter(|email| email != name),
        Some(roles.as_str()),
    ];
    let details: Vec<_> = details.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    html! {
        button.user name="user" value=(user.username) {
            span.name { (name) }
            @if !details.is_empty() { span.details { (details.join(" · ")) } }
        }
    }
}

/// Logto's own parameters of the request, which a developer wants to see.
pub(super) fn shown_options(options: &BTreeMap<String, String>) -> Markup {
    html! {
        @if !options.is_empty() {
            section {
                h2 { "Parameters for this page" }
                p {
                    "Logto's pages evaluate them. This page evaluates " code { "first_screen" } ", "
                    code { "login_hint" } " and " code { "one_time_token" } "."
                }
                dl { @for (name, value) in options { dt { (name) } dd { (shown_value(name, value)) } } }
            }
        }
    }
}

/// A token that was refused for the address may still be valid for another one.
fn shown_value<'a>(name: &str, value: &'a str) -> &'a str {
    if name == "one_time_token" { "…" } else { value }
}
