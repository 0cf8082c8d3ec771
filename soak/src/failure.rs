//! The error of the program itself, not of the app under load.

use std::error::Error;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;
