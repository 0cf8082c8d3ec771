//! The pieces pages are made of. They are drawn on the server only; what the browser needs too is in `islands`.

// The component macro wraps these functions, and the lint then misses who uses them.
#![allow(unreachable_pub)]

mod claim_value;
mod code;
mod demo;
mod drawn;
mod frame;
mod header;
mod page;
mod steps;

pub(crate) use self::{
    claim_value::{claim_name, claim_value, time},
    code::{Code, Snippet, snippets},
    demo::Demo,
    drawn::{drawn, drawn_once},
    frame::Frame,
    page::Page,
    steps::Step,
};
