//! The self-check: finds problems of the set-up that show only at run time.

mod check;
mod finding;
pub(crate) mod findings;
pub(crate) mod registrations;
mod report;
pub(crate) mod unregistered;
mod watch;

pub use self::{
    finding::SetUpFinding,
    registrations::{AddressPurpose, AddressToRegister},
};
