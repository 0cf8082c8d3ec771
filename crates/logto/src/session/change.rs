//! Changes that the app makes to a session.

use super::{AppData, Session};

/// A change that the app makes to a session, see [`Refresher::change`](super::Refresher::change).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionChange {
    /// Sets the data of the app, or removes it.
    AppData(Option<AppData>),
    /// Sets the active organization by its id, or removes it. The caller checks the membership.
    ActiveOrganization(Option<String>),
}

impl Session {
    /// The session after a change.
    #[must_use]
    pub fn changed(&self, change: &SessionChange) -> Self {
        let mut session = self.next_version();
        match change {
            SessionChange::AppData(data) => session.app_data.clone_from(data),
            SessionChange::ActiveOrganization(id) => session.active_organization.clone_from(id),
        }
        session
    }

    /// Sets the data of the app in a session that has just begun.
    #[must_use]
    pub fn with_app_data(self, app_data: Option<AppData>) -> Self {
        Self { app_data, ..self }
    }

    /// The data of the app.
    #[must_use]
    pub fn app_data(&self) -> Option<&AppData> {
        self.app_data.as_ref()
    }

    /// The id of the active organization.
    ///
    /// `None` also if the ID token lists the user's organizations without it: the user has left the
    /// organization since.
    #[must_use]
    pub fn active_organization(&self) -> Option<&str> {
        let id = self.active_organization.as_deref()?;
        let known = &self.id_token.claims().profile.organizations;
        let is_member = |ids: &Vec<String>| ids.iter().any(|known| known == id);
        known.as_ref().is_none_or(is_member).then_some(id)
    }
}
