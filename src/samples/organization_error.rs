use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

/// The reason why an organization or an invitation was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrganizationError {
    /// The name is empty, too long, or contains control characters.
    Name,
    /// The user has an organization with this name.
    NameTaken,
    TooManyOrganizations,
    /// The text is not an email address.
    Email,
    AlreadyInvited,
    TooManyInvitations,
    AlreadyMember,
    /// The invitation is not open: it was accepted or revoked, or has expired.
    InvitationClosed,
    /// The invitation is for another email address.
    OtherAccount,
    /// Other members would have no admin.
    LastAdmin,
    /// There are other members or open invitations, so the organization is not deleted.
    NotEmpty,
    /// The user is no member, or the organization was deleted.
    NoSuchMember,
    /// The settings name no machine-to-machine app.
    NotSetUp,
    /// Logto cannot be reached.
    Unavailable,
    /// Logto refused the call. The log has the reason.
    Refused,
    /// There is no user, or the user lacks a permission.
    Auth(AuthError),
}

impl From<AuthError> for OrganizationError {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

impl FromServerFnError for OrganizationError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Auth(AuthError::from_server_fn_error(error))
    }
}

/// The reason for the user. `explain` returns its text.
#[component]
pub fn OrganizationErrorNote(error: OrganizationError, explain: fn(&OrganizationError) -> String) -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">{explain(&error)}</p>
        </div>
    }
}
