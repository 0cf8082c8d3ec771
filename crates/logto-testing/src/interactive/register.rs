//! The page that creates an account.

use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use maud::html;
use serde::Deserialize;

use super::{
    authorize::next_step,
    cookies::{self, Name},
    page::Page,
    problem::ended,
    session,
    sign_in::shown_options,
};
use crate::{
    config::{InteractivePages, User, is_email},
    endpoints::{
        authorize::{callback::redirect_to_callback, extra_params},
        error::OidcError,
    },
    provider::{Authentication, Interaction, SharedProvider},
};

/// The shortest password that Logto accepts by default, in characters.
const MIN_PASSWORD_LENGTH: usize = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    action: String,
    email: String,
    name: String,
    password: String,
}

/// Why a form is refused.
#[derive(Clone, Copy)]
enum Problem {
    NoAddress,
    AddressInUse,
    ShortPassword,
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::NoAddress => StatusCode::BAD_REQUEST,
            Self::AddressInUse | Self::ShortPassword => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn text(self) -> String {
        match self {
            Self::NoAddress => "Enter an email address.".to_owned(),
            Self::AddressInUse => "There is already an account with this email address. Sign in instead.".to_owned(),
            Self::ShortPassword => format!("The password needs at least {MIN_PASSWORD_LENGTH} characters."),
        }
    }
}

pub(super) async fn show(State(provider): SharedProvider, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let pages = provider.config.pages.clone().unwrap_or_default();
    let browser = cookies::read(&provider, &headers, Name::Browser);
    let state = provider.state();
    match state.visits.interaction(&id, browser.as_deref(), provider.now()) {
        None => ended(&pages),
        Some(Interaction { pinned: Some(_), .. }) => to_sign_in(&id),
        Some(interaction) => {
            let hint = interaction.params.get("login_hint").filter(|hint| is_email(hint));
            let fields = Fields {
                email: hint.unwrap_or_default().to_owned(),
                ..Fields::default()
            };
            page(&pages, interaction, &id, &fields, None)
        }
    }
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
    let is_cancelled = fields.action == "cancel";
    let (mut interaction, user_id) = {
        let mut state = provider.state();
        let user = match state.visits.interaction(&id, browser.as_deref(), now) {
            None => return Ok(ended(&pages)),
            Some(Interaction { pinned: Some(_), .. }) => return Ok(to_sign_in(&id)),
            Some(_) if is_cancelled => None,
            Some(interaction) => match new_user(&fields, &state.users, now) {
                Ok(user) => Some(user),
                Err(problem) => {
                    let again = page(&pages, interaction, &id, &fields, Some(problem));
                    return Ok((problem.status(), again).into_response());
                }
            },
        };
        let Some(interaction) = state.visits.take_interaction(&id, browser.as_deref(), now) else {
            return Ok(ended(&pages));
        };
        let user_id = user.as_ref().map(|user| user.id.clone());
        state.users.extend(user);
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

/// A signed-in user who has to authenticate again does not register.
fn to_sign_in(id: &str) -> Response {
    Redirect::to(&format!("/sign-in/{id}")).into_response()
}

fn new_user(fields: &Fields, users: &[User], now: u64) -> Result<User, Problem> {
    let email = fields.email.trim();
    if !is_email(email) {
        return Err(Problem::NoAddress);
    }
    if users.iter().any(|user| user.has_email(email)) {
        return Err(Problem::AddressInUse);
    }
    if fields.password.chars().count() < MIN_PASSWORD_LENGTH {
        return Err(Problem::ShortPassword);
    }
    let mut user = User::registered(email, now).with_password(&fields.password);
    user.name = Some(fields.name.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(user)
}

fn page(
    pages: &InteractivePages,
    interaction: &Interaction,
    id: &str,
    fields: &Fields,
    problem: Option<Problem>,
) -> Response {
    let in_password = matches!(problem, Some(Problem::ShortPassword));
    let in_email = problem.is_some() && !in_password;
    let on_email = in_email || (problem.is_none() && fields.email.is_empty());
    let content = html! {
        p { "to continue to " strong { (pages.app_name) } }
        @if let Some(problem) = problem { p #problem role="alert" { (problem.text()) } }
        form method="post" {
            label for="email" { "Email address" }
            input #email name="email" type="email" autocomplete="email" required value=(fields.email)
                autofocus[on_email] aria-invalid=[in_email.then_some("true")]
                aria-describedby=[in_email.then_some("problem")];
            label for="name" { "Name (optional)" }
            input #name name="name" autocomplete="name" value=(fields.name) autofocus[!on_email && !in_password];
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="new-password" required
                minlength=(MIN_PASSWORD_LENGTH) autofocus[in_password] aria-invalid=[in_password.then_some("true")]
                aria-describedby=(if in_password { "problem" } else { "hint" });
            p.hint #hint { "At least " (MIN_PASSWORD_LENGTH) " characters." }
            button name="action" value="register" { "Create account" }
        }
        form method="post" {
            button.plain name="action" value="cancel" { "Cancel" }
        }
        p.other { "Already have an account? " a href={ "/sign-in/" (id) } { "Sign in" } }
        p.hint { "The account is gone when the provider stops." }
        (shown_options(&extra_params::accepted(&interaction.params)))
    };
    let mut page = Page::new("Create account", content);
    page.form_target(interaction.params.get("redirect_uri"));
    page.into_response(pages)
}
