//! `POST /sign-in`: a form of this site starts a sign-in.

use axum::{
    Form,
    response::{IntoResponse as _, Response},
};
use http::HeaderMap;
use logto::{InvalidParameter, Prompt, SignInOptions};
use serde::Deserialize;

use super::{failure, see_other};
use crate::{
    csrf::{Source, source_of},
    error::{AuthError, RouteError},
    initiator::Initiator,
    return_to::ReturnTo,
    session::AuthSession,
};

/// What a form may ask for. The redirect URI and extra parameters are not among it: they are the server's to decide.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignInForm {
    return_to: Option<String>,
    first_screen: Option<String>,
    login_hint: Option<String>,
    direct_sign_in: Option<String>,
    organization_id: Option<String>,
    /// Space-separated.
    ui_locales: Option<String>,
    prompt: Option<String>,
}

pub(crate) async fn start(session: AuthSession, headers: HeaderMap, Form(form): Form<SignInForm>) -> Response {
    let address = session.address();
    match source_of(&headers, &address.origin) {
        Source::Elsewhere | Source::Unsaid => return failure::respond(&session, &RouteError::CrossSite),
        // The callback comes to the base URL, where a cookie set under another name would be missing.
        Source::OtherName => {
            let return_to = form
                .return_to
                .as_deref()
                .and_then(ReturnTo::parse)
                .unwrap_or_else(ReturnTo::home);
            return see_other(&address.return_address(&return_to));
        }
        Source::ThisSite => {}
    }
    match session.initiator() {
        Initiator::Navigation => {}
        Initiator::Prefetch => return AuthError::Prefetch.into_response(),
        // Its answer is a page of the provider's, which a script cannot show.
        Initiator::Call | Initiator::Lookup => return AuthError::NavigationNeeded.into_response(),
    }
    let options = match form.options() {
        Ok(options) => options,
        Err(error) => return failure::respond(&session, &error.into()),
    };
    match session.start_sign_in(options).await {
        Ok(url) => see_other(url.as_str()),
        Err(error) => failure::respond(&session, &error.into()),
    }
}

impl SignInForm {
    fn options(self) -> Result<SignInOptions, InvalidParameter> {
        let given = |field: Option<String>| field.filter(|text| !text.is_empty());
        let prompt = given(self.prompt).map(|text| {
            text.split_ascii_whitespace()
                .map(|name| Prompt::from_name(name).ok_or(InvalidParameter("prompt")))
                .collect()
        });
        let ui_locales = given(self.ui_locales).unwrap_or_default();
        Ok(SignInOptions {
            post_redirect: self.return_to,
            first_screen: given(self.first_screen).map(|text| text.parse()).transpose()?,
            login_hint: given(self.login_hint),
            direct_sign_in: given(self.direct_sign_in).map(|text| text.parse()).transpose()?,
            organization_id: given(self.organization_id),
            ui_locales: ui_locales
                .split_ascii_whitespace()
                .map(str::parse)
                .collect::<Result<_, _>>()?,
            prompt: prompt.transpose()?,
            ..SignInOptions::default()
        })
    }
}
