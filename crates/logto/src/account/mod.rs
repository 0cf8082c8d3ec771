//! Logto's Account API: what users see and change of their own account.
//!
//! An [`AccountClient`] calls it with the user's **opaque** access token, the one for userinfo. Each
//! subject is one file:
//!
//! | calls | scope of the token | since |
//! |---|---|---|
//! | [`account`](AccountClient::account), [`update`](AccountClient::update), [`update_profile`](AccountClient::update_profile) | `profile`; for more fields `email`, `phone`, `address`, `custom_data`, `identities` | 1.22 |
//! | [`set_password`](AccountClient::set_password) | | 1.22 |
//! | [`set_username`](AccountClient::set_username), [`set_email`](AccountClient::set_email), [`set_phone`](AccountClient::set_phone) and `remove_…` | `profile`, `email`, `phone` | 1.22 |
//! | [`add_identity`](AccountClient::add_identity), [`replace_identity`](AccountClient::replace_identity), [`remove_identity`](AccountClient::remove_identity) | `identities` | 1.22 |
//! | [`identity_token`](AccountClient::identity_token), [`sso_identity_token`](AccountClient::sso_identity_token) | `identities` (since 1.42) | 1.30 |
//! | [`mfa_factors`](AccountClient::mfa_factors) and the other calls for factors | `identities` | 1.29 for passkeys, 1.30 for the others |
//! | [`sessions`](AccountClient::sessions), [`revoke_session`](AccountClient::revoke_session), [`grants`](AccountClient::grants), [`revoke_grant`](AccountClient::revoke_grant) | `urn:logto:scope:sessions` | 1.38 |
//! | [`verify_password`](AccountClient::verify_password), [`send_code`](AccountClient::send_code), [`verify_code`](AccountClient::verify_code) and the other proofs | | 1.22 |
//!
//! The tenant switches the API on, and each field: `PATCH /api/account-center` in the Management
//! API, or "Account center" in the Logto console. A server that is older than a call answers
//! [`AccountErrorKind::NotSupported`].
//!
//! # Verification records
//!
//! A sensitive call needs a proof, at most 10 minutes old, that the user is present: a
//! [`VerificationRecordId`]. [`verify_password`](AccountClient::verify_password) returns one; it may
//! be used for several calls. Without one, the call fails with
//! [`AccountErrorKind::VerificationRequired`].
//!
//! ```no_run
//! use logto::{AccountClient, AccountError, SecretString, account::RevokeGrants};
//!
//! # async fn example(account: AccountClient, password: SecretString) -> Result<(), AccountError> {
//! let proof = account.verify_password(&password).await?;
//! for session in account.sessions(&proof.id).await? {
//!     if session.is_current != Some(true) {
//!         account.revoke_session(&session.uid, RevokeGrants::All, &proof.id).await?;
//!     }
//! }
//! # Ok(()) }
//! ```

mod center;
mod client;
mod error;
mod grants;
mod identifiers;
mod identities;
mod mfa;
mod password;
mod profile;
mod sessions;
mod time;
mod verification;
mod verification_record_id;

pub use self::{
    center::AccountCenter,
    client::{AccountClient, RenewAccountToken, RenewedToken},
    error::{AccountError, AccountErrorKind, AccountRefusal},
    grants::{AccountGrant, GrantedApplication, GrantsOf},
    identifiers::VerifiedIdentifier,
    identities::{ConnectorToken, SocialIdentity},
    mfa::{MfaFactor, MfaFactorKind, NewMfaFactor},
    profile::{Account, AccountProfile, AccountUpdate, PostalAddress, ProfileUpdate},
    sessions::{AccountSession, RevokeGrants, SessionAuthorization},
    verification::{AccountIdentifier, SocialStart, SocialVerification, VerificationRecord, WebAuthnRegistration},
    verification_record_id::VerificationRecordId,
};
