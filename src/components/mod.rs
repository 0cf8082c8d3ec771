//! The components of the pages, rendered on the server. Components that run in the browser are in
//! `samples`.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod claim_value;
mod code;
mod demo;
mod frame;
mod header;
mod page;
mod problem;
mod static_html;
mod steps;
mod time;

pub(crate) use self::{
    claim_value::{claim_name, claim_value},
    code::{Code, Snippet, snippets},
    demo::Demo,
    frame::Frame,
    page::Page,
    problem::{Problem, ProblemKind, ProblemNote},
    static_html::{cached_html, static_html},
    steps::Step,
    time::{span, time},
};
