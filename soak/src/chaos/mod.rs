//! Faults while visitors use the app.

mod apply;
mod plan;

pub(crate) use self::{
    apply::{Parts, run},
    plan::{Frame, plan},
};
