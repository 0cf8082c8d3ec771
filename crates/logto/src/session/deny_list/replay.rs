//! Recording the use of logout tokens, webhooks and sign-ins, so that none is used twice.

use super::{
    DenyList,
    entry::{EntryKey, entry},
};
use crate::{
    clock::Timestamp,
    logout_token::VerifiedLogoutToken,
    secret::ExposeSecret as _,
    session::store::{Saved, StoreError},
    sign_in::SignInTransaction,
    webhook::WebhookEvent,
};

impl DenyList {
    /// Whether the logout token was used before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn has_seen(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        Ok(self
            .number_of(&EntryKey::LogoutToken(token.jti()).id())
            .await?
            .is_some())
    }

    /// Records the use of a logout token until the token expires. `false` if it was used before,
    /// which includes a concurrent request.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn use_up(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        let until = token.expires().plus(self.client.config().clock_tolerance());
        self.record_once(EntryKey::LogoutToken(token.jti()), until).await
    }

    /// Whether the webhook was received before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn has_seen_webhook(&self, event: &WebhookEvent) -> Result<bool, StoreError> {
        let key = EntryKey::Webhook(event.hash());
        Ok(self.number_of(&key.id()).await?.is_some())
    }

    /// Records a webhook until it would be refused as too old. `false` if it was recorded before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn use_up_webhook(&self, event: &WebhookEvent) -> Result<bool, StoreError> {
        // The clock of another instance may be behind.
        let until = event.expires().plus(self.client.config().clock_tolerance());
        self.record_once(EntryKey::Webhook(event.hash()), until).await
    }

    /// Records the callback of a sign-in until the transaction expires. `false` if a callback for
    /// it was recorded before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn use_up_transaction(&self, transaction: &SignInTransaction) -> Result<bool, StoreError> {
        let key = EntryKey::SignIn(transaction.state().expose_secret());
        // The clock of another instance may be behind.
        let until = transaction.expires().plus(self.client.config().clock_tolerance());
        self.record_once(key, until).await
    }

    /// Writes an entry. `false` if it exists already.
    async fn record_once(&self, key: EntryKey<'_>, until: Timestamp) -> Result<bool, StoreError> {
        let now = self.client.now();
        let id = key.id();
        let entry = self.made_unique(entry(&id, now.as_secs(), until))?;
        Ok(self.store.save(&id, None, entry, now).await? == Saved::Done)
    }
}
