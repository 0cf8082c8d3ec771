//! The self-check: finds problems of the set-up that show only at run time.

pub(crate) mod answers;
mod check;
mod finding;
pub(crate) mod findings;
pub(crate) mod flight;
pub(crate) mod registrations;
mod report;
pub(crate) mod unregistered;
mod watch;

pub use self::{answers::AddressPurpose, finding::SetUpFinding, registrations::AddressToRegister};
