//! Changes that the app makes to a session.

use std::{collections::BTreeMap, sync::Arc};

use super::{ActingAs, AppData, Session};

/// A change that the app makes to a session, see [`Refresher::change`](super::Refresher::change).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionChange {
    /// Sets the data of the app, or removes it.
    AppData(Option<AppData>),
    /// Sets the active organization by its id, or removes it. The caller checks the membership.
    ActiveOrganization(Option<String>),
    /// Sets the names of organizations, by id.
    OrganizationNames(BTreeMap<String, String>),
    /// Starts acting as another user, or ends it. The caller checks the permission.
    ActingAs(Option<ActingAs>),
}

/// A session before and after a change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChangedSession {
    /// The session that the change replaced. It may be newer than the one that its caller has loaded.
    pub before: Arc<Session>,
    /// The session to continue with.
    pub after: Arc<Session>,
}

impl Session {
    /// The session after a change.
    #[must_use]
    pub fn changed(&self, change: &SessionChange) -> Self {
        let mut session = self.next_version();
        match change {
            SessionChange::AppData(data) => return session.with_app_data(data.clone()),
            SessionChange::ActiveOrganization(id) => session.active_organization.clone_from(id),
            SessionChange::OrganizationNames(names) => session.organization_names.clone_from(names),
            SessionChange::ActingAs(acting) => session.acting_as.clone_from(acting),
        }
        session
    }

    /// Sets the data of the app in a session that has just begun.
    #[must_use]
    pub fn with_app_data(self, app_data: Option<AppData>) -> Self {
        // JSON `null` counts as no data.
        let app_data = app_data.filter(|data| !data.0.is_null());
        Self { app_data, ..self }
    }

    /// If both sessions belong to one user, keeps the earlier session's active organization. Also
    /// keeps its app data and its organization names, each unless this session has its own.
    #[must_use]
    pub fn continuing(mut self, earlier: &Self) -> Self {
        if self.id_token.claims().sub == earlier.id_token.claims().sub {
            self.app_data = self.app_data.or_else(|| earlier.app_data.clone());
            self.active_organization.clone_from(&earlier.active_organization);
            if self.organization_names.is_empty() {
                self.organization_names.clone_from(&earlier.organization_names);
            }
        }
        self
    }

    /// The data of the app.
    #[must_use]
    pub fn app_data(&self) -> Option<&AppData> {
        self.app_data.as_ref()
    }

    /// The id of the active organization.
    ///
    /// `None` also if the ID token lists the user's organizations without it: the user has left the
    /// organization since. An ID token without the list, which some tenants leave out, does not
    /// show this.
    #[must_use]
    pub fn active_organization(&self) -> Option<&str> {
        let id = self.active_organization.as_deref()?;
        let known = &self.id_token.claims().profile.organizations;
        let is_member = |ids: &Vec<String>| ids.iter().any(|known| known == id);
        known.as_ref().is_none_or(is_member).then_some(id)
    }
}
