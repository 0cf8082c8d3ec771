//! The sign-out page.

use axum::{
    http::HeaderMap,
    response::{AppendHeaders, IntoResponse as _, Response},
};
use maud::{PreEscaped, html};

use super::{
    cookies::{self, Name},
    page::{Page, SUBMIT_SCRIPT},
};
use crate::{
    config::InteractivePages,
    endpoints::{
        end_session::redirect::{CONFIRM, redirect},
        error::OidcError,
    },
    provider::{PendingLogout, Provider},
    random,
    requests::Params,
};

/// Shows the form of a sign-out. It submits itself, unless the pages ask for confirmation.
pub(crate) fn ask(
    provider: &Provider,
    pages: &InteractivePages,
    headers: &HeaderMap,
    return_to: Option<String>,
) -> Response {
    let (browser, xsrf) = (cookies::browser(provider, headers), random::opaque());
    let action = format!("{}{}", provider.public_endpoint(), CONFIRM);
    let asks = pages.sign_out_question;
    let content = html! {
        p {
            @if asks { "Do you want to sign out of this provider, and with it of every app?" }
            @else { "If nothing happens, press the button." }
        }
        form #logout .row method="post" action=(action) {
            input type="hidden" name="xsrf" value=(xsrf);
            @if !asks { input type="hidden" name="logout" value="yes"; }
            button name="logout" value="yes" { "Sign out" }
            @if asks { button.plain name="stay" value="yes" { "Stay signed in" } }
        }
        @if !asks { script { (PreEscaped(SUBMIT_SCRIPT)) } }
    };
    let mut page = Page::new(if asks { "Sign out?" } else { "Signing out" }, content);
    page.form_target(return_to.as_deref());
    let cookie = cookies::set(provider, Name::Browser, &browser);
    let logout = PendingLogout { xsrf, return_to };
    provider.state().visits.ask_to_sign_out(&browser, logout);
    (AppendHeaders([cookie]), page.into_response(pages)).into_response()
}

/// Ends the browser's session if the user agreed, and continues to the app in any case, as
/// `oidc-provider` does. Grants with `offline_access` stay valid.
pub(crate) fn confirm(provider: &Provider, headers: &HeaderMap, params: &Params) -> Result<Response, OidcError> {
    let browser = cookies::read(provider, headers, Name::Browser);
    let cookie = cookies::read(provider, headers, Name::Session);
    let agreed = params.get("logout").is_some();
    let pending = {
        let mut state = provider.state();
        let xsrf = params.get("xsrf").unwrap_or_default();
        let pending = state.visits.take_logout(xsrf, browser.as_deref());
        let pending = pending.ok_or_else(|| OidcError::invalid_request("could not find logout details"))?;
        let visit = cookie
            .filter(|_| agreed)
            .and_then(|cookie| state.visits.end_session(&cookie));
        if let Some(visit) = visit {
            state
                .grants
                .revoke_where(|grant| grant.sid == visit.session.sid && !grant.oidc_scopes.contains("offline_access"));
        }
        pending
    };
    let response = redirect(provider, pending);
    let removal = agreed.then(|| cookies::set(provider, Name::Session, ""));
    Ok((AppendHeaders(removal), response).into_response())
}

pub(crate) fn success(pages: &InteractivePages) -> Response {
    Page::new("Signed out", html! { p { "You have signed out." } }).into_response(pages)
}
