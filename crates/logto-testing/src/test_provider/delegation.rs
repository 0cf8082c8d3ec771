//! Tokens with which programs act for users, and the tokens of the Management API.

use super::provider::TestProvider;
use crate::provider::PersonalAccessToken;

impl TestProvider {
    /// Creates a subject token (`sub_…`) for a user, as the Management API does.
    pub fn subject_token(&self, user: &str) -> String {
        let now = self.provider.now();
        let mut state = self.provider.state();
        let id = state.named(user).id.clone();
        state.delegation.create_subject_token(&id, now)
    }

    /// Creates a personal access token (`pat_…`) of a user, which expires after these seconds.
    ///
    /// # Panics
    ///
    /// If the user has a token with this name.
    pub fn personal_access_token(&self, user: &str, name: &str, lifetime: Option<u64>) -> String {
        let now = self.provider.now();
        let mut state = self.provider.state();
        let token = PersonalAccessToken {
            user_id: state.named(user).id.clone(),
            name: name.to_owned(),
            expires_at: lifetime.map(|seconds| (now + seconds) * 1000),
        };
        state.delegation.create_personal(token).expect("the name is new")
    }

    /// Deletes a personal access token.
    pub fn delete_personal_access_token(&self, user: &str, name: &str) {
        let mut state = self.provider.state();
        let id = state.named(user).id.clone();
        state.delegation.delete_personal(&id, name);
    }

    /// Makes the Management API reject the tokens that were issued until now.
    pub fn reject_management_tokens(&self) {
        self.provider.state().delegation.forget_management();
    }
}
