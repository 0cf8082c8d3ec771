//! The image of the app, without a container engine: its files, its build and its settings, as
//! `Dockerfile` and `.dockerignore` have them.

mod build_context;
mod dockerfile;
mod ignored;
mod image;

pub(crate) use self::{
    build_context::BuildContext,
    dockerfile::{Copied, Dockerfile, Stage},
    image::Image,
};
