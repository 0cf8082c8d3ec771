//! `POST /sign-in` starts a sign-in from a form of this site. `GET /sign-in` asks for a click
//! first.
//!
//! A link, a bookmark or a prefetch has no effect. Mail scanners follow links, so a magic link is
//! used up only when its user presses the button.

use axum::{
    extract::RawQuery,
    response::{IntoResponse as _, Response},
};
use logto::{InvalidParameter, SignInOptions};
use url::form_urlencoded;

use super::{failure, form::SiteForm, see_other::see_other};
use crate::{
    error::SessionError, guard::fetch_metadata::Source, pages::confirm::sign_in_page, return_to::ReturnTo,
    session::AuthSession,
};

pub(crate) async fn confirm(session: AuthSession, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let SignInForm { return_path, options } = SignInForm::read(&session, query.as_bytes());
    let return_to = return_path.page();
    match options {
        Ok(options) => {
            let options = match return_to {
                Some(page) => options.with_post_redirect(page.to_string()),
                None => options.without_post_redirect(),
            };
            sign_in_page(&session, &options)
        }
        Err(error) => failure::respond(&session, &error.into(), return_to.as_ref()),
    }
}

pub(crate) async fn start(session: AuthSession, SiteForm { source, fields }: SiteForm) -> Response {
    let SignInForm { return_path, options } = SignInForm::read(&session, &fields);
    let return_to = match return_path {
        ReturnPath::Unset => session.calling_page(),
        return_path => return_path.page(),
    };
    let options = match options {
        Ok(options) => options,
        Err(error) => return failure::respond(&session, &error.into(), return_to.as_ref()),
    };
    if source == Source::OtherHost {
        // The callback comes to the base URL, where a cookie of another host would be missing.
        let return_to = return_to.unwrap_or_else(ReturnTo::home);
        return see_other(&session.address().return_address(&return_to));
    }
    match session.start_sign_in(options).await {
        Ok(url) => see_other(url.as_str()),
        Err(SessionError::Prefetch) => SessionError::Prefetch.into_response(),
        Err(error) => failure::respond(&session, &error.into(), return_to.as_ref()),
    }
}

/// The fields of a sign-in form or link.
struct SignInForm {
    /// Read separately from the options, so that an invalid option does not lose it.
    return_path: ReturnPath,
    options: Result<SignInOptions, InvalidParameter>,
}

impl SignInForm {
    fn read(session: &AuthSession, fields: &[u8]) -> Self {
        let return_path = ReturnPath::read(fields);
        let extra = &session.shared().web.config.extra_parameters;
        let options = SignInOptions::from_fields(form_urlencoded::parse(fields), extra);
        let options = options.map(|options| match &return_path {
            ReturnPath::Page(page) => options.with_post_redirect(page.to_string()),
            ReturnPath::Unset | ReturnPath::Invalid => options,
        });
        Self { return_path, options }
    }
}

pub(super) enum ReturnPath {
    Unset,
    /// The field may lead to another site.
    Invalid,
    Page(ReturnTo),
}

impl ReturnPath {
    /// Reads the field `return_to`. It may be the page of the form, opened by a magic link or after
    /// the form has failed: a one-time token and the error of the form are left out.
    pub(super) fn read(fields: &[u8]) -> Self {
        let mut fields = form_urlencoded::parse(fields);
        match fields.find(|(name, value)| name == "return_to" && !value.is_empty()) {
            None => Self::Unset,
            Some((_, path)) => match ReturnTo::parse(&path) {
                None => Self::Invalid,
                Some(page) => Self::Page(page.without_one_time_parts()),
            },
        }
    }

    pub(super) fn page(self) -> Option<ReturnTo> {
        match self {
            Self::Unset | Self::Invalid => None,
            Self::Page(page) => Some(page),
        }
    }
}
