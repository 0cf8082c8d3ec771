//! The pieces pages are made of, drawn on the server. What runs in the browser is in `islands`.

// The component macro wraps these functions, and the lint then misses who uses them.
#![allow(unreachable_pub)]

mod claim_value;
mod code;
mod demo;
mod drawn;
mod frame;
mod header;
mod page;
mod problem;
mod steps;
mod time;
mod token_card;

pub(crate) use self::{
    claim_value::{claim_name, claim_rows, claim_value},
    code::{Code, Snippet, snippets},
    demo::Demo,
    drawn::{drawn, drawn_around, drawn_once},
    frame::Frame,
    page::Page,
    problem::{Problem, ProblemKind, ProblemNote},
    steps::Step,
    time::{expiry, span, time},
    token_card::{TokenCard, scopes, token_or_problem},
};
