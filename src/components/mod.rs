//! The components of the pages, rendered on the server. Components that run in the browser are in
//! `samples`.

#![allow(
    unreachable_pub,
    reason = "the component macro wraps these functions, so rustc does not see their use"
)]

mod contents;
mod copy_line;
mod diagram;
mod footer;
mod frame;
mod header;
mod icon;
mod page;
mod pane;
mod problem;
mod readings;
mod section;
mod steps;
mod time;
mod tip;

pub(crate) use self::{
    contents::Contents,
    copy_line::CopyLine,
    diagram::SignInDiagram,
    footer::Footer,
    frame::Frame,
    header::{Header, SessionState},
    icon::{Icon, Symbol},
    page::Page,
    pane::{CodePane, Pane, PaneStatus, panes},
    problem::{Problem, ProblemKind, ProblemNote, advice_for, or_problem, try_again},
    section::{Heading, Section},
    steps::{Step, StepProgress, Steps},
    time::{span, time},
    tip::{Tip, note, prose},
};
