//! Finds the path of the stylesheet once. Leptos's component would read the hash file for every
//! page.

use std::{env, fs, sync::Arc};

use leptos::prelude::LeptosOptions;

/// The cached path. `None` under `cargo leptos watch`, where a change of the stylesheet changes its
/// path.
#[derive(Clone, Debug)]
pub(crate) struct Stylesheet(Option<Arc<str>>);

impl Stylesheet {
    pub(crate) fn new(options: &LeptosOptions) -> Self {
        let changes = env::var_os("LEPTOS_WATCH").is_some();
        Self((!changes).then(|| read(options)))
    }

    pub(crate) fn path(&self, options: &LeptosOptions) -> Arc<str> {
        self.0.clone().unwrap_or_else(|| read(options))
    }
}

fn read(options: &LeptosOptions) -> Arc<str> {
    let (directory, name) = (&options.site_pkg_dir, &options.output_name);
    match options.hash_files.then(|| hash(options)).flatten() {
        Some(hash) => format!("/{directory}/{name}.{hash}.css").into(),
        None => format!("/{directory}/{name}.css").into(),
    }
}

/// Reads the hash from the file that the build writes beside the program, from the line `css: …`.
fn hash(options: &LeptosOptions) -> Option<String> {
    let file = env::current_exe().ok()?.parent()?.join(&*options.hash_file);
    let hashes = fs::read_to_string(file).ok()?;
    hashes
        .lines()
        .find_map(|line| Some(line.trim().strip_prefix("css:")?.trim().to_owned()))
}
