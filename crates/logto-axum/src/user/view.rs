//! The view of the user that reaches the browser.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use logto_requirements::{LeftOutClaim, OrganizationView, UserView};

use super::User;

type Decide = dyn Fn(&User, UserView) -> UserView + Send + Sync;

/// The function of the app that decides what is in the view.
#[derive(Clone)]
pub(crate) struct UserViewFunction(pub(crate) Arc<Decide>);

/// The view of the components, unchanged.
impl Default for UserViewFunction {
    fn default() -> Self {
        Self(Arc::new(|_, view| view))
    }
}

impl fmt::Debug for UserViewFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserViewFunction").finish_non_exhaustive()
    }
}

impl User {
    /// Returns the view of the user that may reach the browser, as
    /// [`WebConfig::with_user_view`](crate::WebConfig::with_user_view) decides.
    ///
    /// The components and hooks of `logto-leptos` get it by themselves. Another app can send it to
    /// its scripts, with `Cache-Control: private, no-store`.
    #[must_use]
    pub fn view(&self) -> UserView {
        let mut view = self.request.decide_view(self, self.default_view());
        if view.id.is_empty() {
            // A page compares ids to notice that another user has signed in.
            self.id().clone_into(&mut view.id);
        }
        view.left_out().iter().for_each(report_once);
        view
    }

    /// The claims that the components show.
    fn default_view(&self) -> UserView {
        let claims = self.claims();
        let profile = &claims.profile;
        let text = |claim: &Option<String>| claim.clone().filter(|text| !text.is_empty());
        let ids = profile.organizations.as_deref().unwrap_or_default();
        let organization = |id: &String| match self.organization_name(id) {
            Some(name) => OrganizationView::new(id).with_name(name),
            None => OrganizationView::new(id),
        };
        let mut view = UserView::new(&claims.sub);
        view.name = text(&profile.name).or_else(|| text(&profile.username));
        view.email = text(&profile.email);
        view.picture = text(&profile.picture);
        view.organizations = ids.iter().map(organization).collect();
        view
    }
}

/// Logs each claim once in this process, because every page leaves it out.
fn report_once(claim: &LeftOutClaim) {
    static REPORTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    if reported.insert(claim.name().to_owned()) {
        tracing::error!(
            code = "user_view_claim_left_out",
            "the browser does not get a claim that the app adds with `WebConfig::with_user_view`: {claim}"
        );
    }
}
