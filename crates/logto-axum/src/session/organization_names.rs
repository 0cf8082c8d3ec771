//! The names of the user's organizations. By default a tenant's ID tokens have ids only, and
//! userinfo has the names.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::{Either, select};
use logto::{
    Diagnose as _, OrganizationData, TokenTarget,
    session::{Session, SessionChange},
};

use crate::{
    error::SessionError,
    logto::Logto,
    session::{AuthSession, context::ContextOptions},
};

/// How long a sign-in waits for the names. It succeeds without them.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// The size limit of the names in cookies, in bytes: about the size of one access token.
const MAX_BYTES_IN_COOKIES: usize = 512;

/// The size limit of the names in a store, in bytes.
const MAX_BYTES_IN_STORE: usize = 16 * 1024;

impl Logto {
    /// Adds the names of the user's organizations to a session that has just begun. If they are
    /// unavailable, pages show the ids.
    pub(crate) async fn with_organization_names(&self, session: Session) -> Session {
        if !self.shared.web.config.organization_names || !session.lacks_organization_names() {
            return session;
        }
        match self.requested_names(&session).await {
            Some(data) => {
                let names = self.names(&session, data);
                session.with_organization_names(names)
            }
            None => session,
        }
    }

    async fn requested_names(&self, session: &Session) -> Option<Vec<OrganizationData>> {
        let client = self.client();
        let token = session.valid_token(&TokenTarget::USER_INFO, client.now())?;
        let request = Box::pin(client.user_info(token, &session.id_token().claims().sub));
        let code = match select(request, client.clock().sleep(TIME_LIMIT)).await {
            Either::Left((Ok(user_info), _)) => return Some(user_info.organization_data),
            Either::Left((Err(error), _)) => error.code(),
            Either::Right(_) => "timeout",
        };
        tracing::warn!(
            code,
            "userinfo is unavailable, so pages show ids in place of the names of organizations until the next sign-in"
        );
        None
    }

    /// The names of the organizations that the ID token lists, as many as fit, in its order.
    fn names(&self, session: &Session, data: Vec<OrganizationData>) -> BTreeMap<String, String> {
        let limit = match self.shared.stored {
            Some(_) => MAX_BYTES_IN_STORE,
            None => MAX_BYTES_IN_COOKIES,
        };
        let data: BTreeMap<_, _> = data.into_iter().map(|it| (it.id, it.name)).collect();
        let ids = session.id_token().claims().profile.organizations.as_deref();
        names_within(limit, ids.unwrap_or_default(), &data)
    }
}

fn names_within(limit: usize, ids: &[String], data: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    /// The colon and the comma of the JSON.
    const PUNCTUATION: usize = 2;
    // A control character takes six bytes of JSON.
    let length = |text: &str| serde_json::to_string(text).map_or(limit, |json| json.len());
    let mut bytes = 0;
    let named = ids.iter().filter_map(|id| data.get_key_value(id));
    named
        .filter(|(_, name)| !name.is_empty())
        .take_while(|(id, name)| {
            bytes += length(id) + length(name) + PUNCTUATION;
            bytes <= limit
        })
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect()
}

impl AuthSession {
    /// Requests the user's organizations and their names again, for pages after this one. Call it
    /// after the app has added the user to an organization, or has renamed one.
    ///
    /// It refreshes the ID token and, if that has no names, requests userinfo. A sign-in requests
    /// the names by itself, see
    /// [`WebConfig::with_organization_names`](crate::WebConfig::with_organization_names).
    ///
    /// # Errors
    ///
    /// The errors of [`AuthSession::context`] with userinfo, and of [`AuthSession::set_data`] except
    /// for those of the data.
    pub async fn refresh_organizations(&self) -> Result<(), SessionError> {
        self.check_saveable()?;
        let options = ContextOptions::default().with_fresh_claims(true);
        let context = self.context(options).await?;
        let session = context.session.ok_or(SessionError::without_user(context.state))?;
        if !session.lacks_organization_names() {
            return Ok(());
        }
        let context = self.context(ContextOptions::default().with_user_info(true)).await?;
        let user_info = context.user_info.ok_or(SessionError::without_user(context.state))?;
        let names = self.logto().names(&session, user_info.organization_data);
        self.change(SessionChange::OrganizationNames(names)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_the_order_of_the_id_token_until_the_limit() {
        let ids = ["o3", "o1", "o4", "o2"].map(str::to_owned);
        let data = [
            ("o1", "One"),
            ("o2", "Two"),
            ("o3", "Three"),
            ("o4", ""),
            ("o9", "Other"),
        ];
        let data = data.map(|(id, name)| (id.to_owned(), name.to_owned())).into();
        let kept = |limit| names_within(limit, &ids, &data).into_keys().collect::<Vec<_>>();
        assert_eq!(kept(100), ["o1", "o2", "o3"]);
        assert_eq!(kept(24), ["o1", "o3"]);
        assert_eq!(kept(23), ["o3"]);
        assert!(kept(12).is_empty());
    }
}
