//! Magic links: a request with a one-time token and the address that it is for. A problem of the
//! token stays at the provider: the app does not learn it.

use super::{super::error::OidcError, extra_params};
use crate::{
    config::{Membership, User, is_email},
    provider::{Authentication, BrowserSession, InteractionEvent, OneTimeToken, ProviderState, TokenRefusal},
    requests::Params,
};

/// The token and the address of a request.
pub(crate) struct MagicLink {
    token: String,
    pub(crate) email: String,
}

/// Whether the link belongs to the session's user.
pub(crate) enum LinkUser {
    Same,
    Another,
}

impl MagicLink {
    /// The link of a request, if both parameters reach the sign-in page.
    pub(crate) fn of(params: &Params) -> Option<Self> {
        let mut options = extra_params::accepted(params);
        Some(Self {
            token: options.remove("one_time_token")?,
            email: options.remove("login_hint")?,
        })
    }

    /// The user whom the link signs in. `None` for a new address.
    pub(crate) fn user<'a>(&self, state: &'a ProviderState) -> Option<&'a User> {
        state.users.iter().find(|user| user.has_email(&self.email))
    }

    /// Uses the token up and returns the id of its user, who registers if the address is new.
    pub(crate) fn open(&self, state: &mut ProviderState, now: u64) -> Result<String, TokenRefusal> {
        let token = state.one_time_tokens.check(&self.token, &self.email, now)?;
        let (event, user) = match self.user(state) {
            Some(user) if user.suspended => return Err(TokenRefusal::SUSPENDED),
            Some(user) => (InteractionEvent::SignIn, user.clone()),
            None => (InteractionEvent::Register, User::registered(&self.email, now)),
        };
        check_event(token, event)?;
        if event == InteractionEvent::Register {
            if !is_email(&self.email) {
                return Err(TokenRefusal::NO_ADDRESS);
            }
            state.users.push(user.clone());
        }
        self.consume(state, &user.id, now)?;
        Ok(user.id)
    }

    /// Opens the link in a browser with a session, and uses the token up if it is for the session's
    /// user. A consumed token does not stop that user, who may have pressed the button twice.
    pub(crate) fn open_in_session(
        &self,
        state: &mut ProviderState,
        user_id: &str,
        now: u64,
    ) -> Result<LinkUser, TokenRefusal> {
        if !state.user(user_id).is_some_and(|user| user.has_email(&self.email)) {
            return Ok(LinkUser::Another);
        }
        match state.one_time_tokens.check(&self.token, &self.email, now) {
            Ok(token) => check_event(token, InteractionEvent::SignIn)?,
            Err(TokenRefusal::CONSUMED) => return Ok(LinkUser::Same),
            Err(refusal) => return Err(refusal),
        }
        self.consume(state, user_id, now)?;
        Ok(LinkUser::Same)
    }

    /// Uses the token up, and adds the user to its organizations.
    fn consume(&self, state: &mut ProviderState, user_id: &str, now: u64) -> Result<(), TokenRefusal> {
        let token = state.one_time_tokens.consume(&self.token, &self.email, now)?;
        let organizations = token.context.jit_organization_ids.clone().unwrap_or_default();
        let known: Vec<_> = organizations
            .iter()
            .filter(|id| state.organizations.get(id).is_some())
            .collect();
        if let Some(user) = state.users.iter_mut().find(|user| user.id == user_id) {
            for id in known {
                if user.membership(id).is_none() {
                    user.memberships.push(Membership::of(id));
                }
            }
        }
        Ok(())
    }
}

fn check_event(token: &OneTimeToken, event: InteractionEvent) -> Result<(), TokenRefusal> {
    let is_other = token.context.interaction_event.is_some_and(|only| only != event);
    if is_other {
        Err(TokenRefusal::EVENT_MISMATCH)
    } else {
        Ok(())
    }
}

/// Follows the link of a request at a provider without pages. `asks_for_consent` and `is_usable` say
/// whether the request would show the consent page, and whether the session spares the sign-in.
///
/// The user of another session stays or switches accounts, as the test has set.
pub(super) fn follow(
    state: &mut ProviderState,
    link: &MagicLink,
    is_usable: bool,
    asks_for_consent: bool,
    now: u64,
) -> Result<(), OidcError> {
    let current = state
        .browser
        .as_ref()
        .filter(|_| is_usable)
        .map(|session| session.user_id.clone());
    if let Some(user_id) = current {
        if !asks_for_consent {
            return Ok(());
        }
        match link.open_in_session(state, &user_id, now)? {
            LinkUser::Another if state.switches_account => {}
            LinkUser::Another | LinkUser::Same => return Ok(()),
        }
    }
    let user_id = link.open(state, now)?;
    let session = BrowserSession::new(user_id, now, None).with_authentication(Authentication::OneTimeToken);
    state.browser = Some(session.after(state.browser.take()));
    Ok(())
}

impl From<TokenRefusal> for OidcError {
    fn from(refusal: TokenRefusal) -> Self {
        Self::shown_here(
            refusal.status,
            refusal.code,
            "the one-time token of this request cannot be used",
        )
    }
}
