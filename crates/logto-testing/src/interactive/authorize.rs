//! The steps of an authorization request: sign-in, consent, callback.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse as _, Response},
};

use super::{
    cookies::{self, Name},
    problem::problem,
};
use crate::{
    config::InteractivePages,
    endpoints::{
        authorize::{
            callback::redirect_to_callback,
            checks::check_request,
            extra_params,
            magic_link::{LinkUser, MagicLink},
            scopes::prompts,
            sign_in::{is_too_old, issue_code},
            step_up::{Demand, unmet},
        },
        error::OidcError,
    },
    provider::{Interaction, Provider},
    requests::Params,
};

/// Handles a request whose client and redirect URI are valid.
pub(crate) fn authorize(
    provider: &Provider,
    pages: &InteractivePages,
    params: Params,
    headers: &HeaderMap,
) -> Result<Response, OidcError> {
    if let Err(error) = check_request(provider, &params) {
        return redirect_to_callback(provider, &params, || Err(error));
    }
    let interaction = Interaction {
        params,
        browser: cookies::browser(provider, headers),
        signed_in: None,
        pinned: None,
        problem: None,
        stays: false,
        consented: false,
        started_at: provider.now(),
    };
    let session = cookies::read(provider, headers, Name::Session);
    next_step(provider, pages, interaction, session.as_deref())
}

/// Continues a request: asks the user, or redirects to the callback. `session` is the value of the
/// session cookie.
pub(super) fn next_step(
    provider: &Provider,
    pages: &InteractivePages,
    mut interaction: Interaction,
    session: Option<&str>,
) -> Result<Response, OidcError> {
    let (now, params) = (provider.now(), &interaction.params);
    let demand = Demand::of(provider, params);
    if demand.as_ref().is_some_and(Demand::is_impossible) {
        return redirect_to_callback(provider, params, || Err(unmet()));
    }
    let prompts = prompts(params);
    let silent = prompts.contains("none");
    let fresh = interaction.signed_in.is_some();
    let visit = {
        let mut state = provider.state();
        let cookie = interaction.signed_in.as_deref().or(session);
        let visit = cookie.and_then(|cookie| state.visits.session(cookie, now).cloned());
        visit.filter(|visit| state.active_user(&visit.session.user_id).is_some())
    };
    let pinned = visit.as_ref().filter(|_| demand.is_some());
    let pinned = pinned.map(|visit| visit.session.user_id.clone());
    let usable = visit.filter(|visit| fresh || !(prompts.contains("login") || is_too_old(&visit.session, params, now)));
    let Some(visit) = usable else {
        if silent {
            let error = if pinned.is_some() {
                unmet()
            } else {
                OidcError::login_required()
            };
            return redirect_to_callback(provider, params, || Err(error));
        }
        interaction.pinned = pinned.and_then(|id| Some(provider.state().user(&id)?.username.clone()));
        let registers = interaction.pinned.is_none() && extra_params::begin_with_registration(&interaction.params);
        let page = match MagicLink::of(params) {
            Some(_) => "/one-time-token",
            None if registers => "/register",
            None => "/sign-in",
        };
        return Ok(ask(provider, page, interaction));
    };
    let (is_denied, has_second_factor) = {
        let state = provider.state();
        let user = state.user(&visit.session.user_id);
        user.map_or((false, false), |user| (user.access_denied, user.second_factor))
    };
    if is_denied && fresh {
        // As at a Logto server: after a fresh sign-in the user stays here, otherwise the app gets
        // the error.
        let text = "You may not use this application.";
        return Ok(problem(pages, StatusCode::FORBIDDEN, "Access denied", text));
    }
    let is_met = demand.is_none_or(|demand| demand.is_met_by(visit.session.authentication));
    if !is_met && !is_denied {
        if silent || !has_second_factor {
            return redirect_to_callback(provider, params, || Err(unmet()));
        }
        return Ok(ask(provider, "/step-up", interaction));
    }
    let reaches_consent = prompts.contains("consent") || (pages.consent && !visit.consented);
    if reaches_consent
        && !(fresh || silent || is_denied || interaction.stays || interaction.consented)
        && let Some(response) = follow_link(provider, pages, &interaction, &visit.session.user_id)
    {
        return Ok(response);
    }
    if pages.consent && reaches_consent && !interaction.consented && !is_denied {
        if silent {
            let error = OidcError::other("consent_required", "End-User consent is required");
            return redirect_to_callback(provider, params, || Err(error));
        }
        return Ok(ask(provider, "/consent", interaction));
    }
    redirect_to_callback(provider, params, || issue_code(provider, params, visit.session))
}

/// Opens the magic link of a request in a browser with a session. `None`: the request goes on with
/// this session.
fn follow_link(
    provider: &Provider,
    pages: &InteractivePages,
    interaction: &Interaction,
    user_id: &str,
) -> Option<Response> {
    let link = MagicLink::of(&interaction.params)?;
    let now = provider.now();
    let opened = link.open_in_session(&mut provider.state(), user_id, now);
    match opened {
        Ok(LinkUser::Same) => None,
        Ok(LinkUser::Another) => Some(ask(provider, "/switch-account", interaction.clone())),
        Err(refusal) => {
            let title = "This link cannot be used";
            Some(problem(pages, StatusCode::BAD_REQUEST, title, &refusal.explanation()))
        }
    }
}

/// Redirects to a page that asks the user.
pub(super) fn ask(provider: &Provider, page: &str, interaction: Interaction) -> Response {
    let cookie = cookies::set(provider, Name::Browser, &interaction.browser);
    let id = provider.state().visits.ask(interaction);
    let location = (header::LOCATION, format!("{page}/{id}"));
    (StatusCode::SEE_OTHER, AppendHeaders([cookie]), [location]).into_response()
}
