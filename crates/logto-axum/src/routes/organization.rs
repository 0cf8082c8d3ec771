//! `POST /organization` sets the active organization of the session.

use axum::response::{IntoResponse as _, Response};
use url::form_urlencoded;

use super::{
    form::{SiteForm, invalid},
    see_other::see_other,
    sign_in::ReturnPath,
};
use crate::{return_to::ReturnTo, session::AuthSession};

/// The field with the id of the organization. If it is empty, no organization is active.
const ORGANIZATION_ID: &str = "organization_id";

pub(crate) async fn switch(session: AuthSession, SiteForm { fields, .. }: SiteForm) -> Response {
    let id = form_urlencoded::parse(&fields).find(|(name, _)| name == ORGANIZATION_ID);
    let Some((_, id)) = id else {
        return invalid(&session, ORGANIZATION_ID);
    };
    let return_to = match ReturnPath::read(&fields) {
        ReturnPath::Unset => session.calling_page(),
        return_path => return_path.page(),
    };
    let id = (!id.is_empty()).then_some(&*id);
    match session.set_active_organization(id).await {
        Ok(()) => {
            let return_to = return_to.unwrap_or_else(ReturnTo::home);
            see_other(&session.address().return_address(&return_to))
        }
        Err(error) => error.into_response(),
    }
}
