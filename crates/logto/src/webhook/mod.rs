//! Webhooks of Logto: events of the tenant, signed with a shared key.

mod body;
mod event;
mod kind;
mod signature;
mod verifier;

pub use self::{
    event::WebhookEvent,
    kind::{Interaction, LimitedGrants, MembershipUpdate, WebhookEventKind},
    signature::WebhookSignature,
    verifier::WebhookVerifier,
};
