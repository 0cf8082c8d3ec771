//! The components of the pages, rendered on the server. Components that run in the browser are in
//! `islands`.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod claim_value;
mod code;
mod demo;
mod footer;
mod frame;
mod header;
mod page;
mod problem;
mod static_html;
mod steps;
mod time;
mod token_card;

pub(crate) use self::{
    claim_value::{claim_name, claim_rows, claim_value},
    code::{Code, Snippet, snippets},
    demo::Demo,
    frame::Frame,
    page::Page,
    problem::{Problem, ProblemKind, ProblemNote, advice_for, try_again},
    static_html::{cached_html, cached_html_around, static_html},
    steps::Step,
    time::{expiry, span, time},
    token_card::{TokenCard, scopes, token_or_problem},
};
