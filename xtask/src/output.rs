//! Progress messages. They go to standard error, because the shell evaluates the standard output of
//! some commands.

/// Announces the next action.
pub(crate) fn say(text: &str) {
    eprintln!("==> {text}");
}

/// Adds a detail to the current action.
pub(crate) fn note(text: &str) {
    eprintln!("    {text}");
}
