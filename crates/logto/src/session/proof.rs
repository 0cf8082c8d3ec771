//! How the user has authenticated. A refresh cannot raise it (OIDC Core §12.2): a refreshed ID token
//! never counts for more than the sign-in.

use logto_requirements::Acr;

use super::{Session, authentication::Authentication};
use crate::{amr::Amr, claims::IdTokenClaims, clock::Timestamp};

impl Session {
    /// When the user last entered credentials, if the ID token or that of the sign-in says so.
    ///
    /// It is no later than the sign-in, whatever a refreshed ID token claims.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<Timestamp> {
        let claimed = self.id_token.claims().auth_time;
        let at_sign_in = self.authentication.as_ref().and_then(|before| before.time);
        let times = [claimed, at_sign_in].into_iter().flatten();
        times.min().map(|time| time.min(self.started))
    }

    /// The class that the authentication has reached.
    ///
    /// It is no stronger than that of the sign-in, whatever a refreshed ID token claims. If the two
    /// are unrelated, there is none.
    #[must_use]
    pub fn acr(&self) -> Option<&Acr> {
        let claimed = self.id_token.claims().acr.as_ref()?;
        let Some(before) = &self.authentication else {
            return Some(claimed);
        };
        let at_sign_in = before.acr.as_ref()?;
        if at_sign_in.satisfies(claimed) {
            Some(claimed)
        } else {
            claimed.satisfies(at_sign_in).then_some(at_sign_in)
        }
    }

    /// How the user has signed in, without methods that only a refreshed ID token claims.
    pub fn amr(&self) -> impl Iterator<Item = &Amr> {
        let is_of_sign_in = |method: &&Amr| match &self.authentication {
            Some(before) => before.amr.contains(method),
            None => true,
        };
        self.id_token.claims().amr.iter().filter(is_of_sign_in)
    }

    /// The authentication of the sign-in to keep when `claims` replace those of the ID token.
    /// `None` if it is the one that they report.
    pub(super) fn authentication_beside(&self, claims: &IdTokenClaims) -> Option<Authentication> {
        let at_sign_in = || Authentication::of(self.id_token.claims());
        let at_sign_in = self.authentication.clone().unwrap_or_else(at_sign_in);
        (!at_sign_in.is_of(claims)).then_some(at_sign_in)
    }
}
