//! Where the stylesheet is. Leptos's own component reads the file with the hashes anew for every
//! page.

use std::{env, fs, sync::Arc};

use leptos::prelude::LeptosOptions;

/// Its address, read once; under `cargo leptos watch`, where a changed stylesheet gets another
/// name, every time.
#[derive(Clone, Debug)]
pub(crate) struct Stylesheet(Option<Arc<str>>);

impl Stylesheet {
    pub(crate) fn new(options: &LeptosOptions) -> Self {
        let changes = env::var_os("LEPTOS_WATCH").is_some();
        Self((!changes).then(|| read(options)))
    }

    pub(crate) fn address(&self, options: &LeptosOptions) -> Arc<str> {
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

/// The build writes it beside the program: lines such as `css: 9b1c…`.
fn hash(options: &LeptosOptions) -> Option<String> {
    let file = env::current_exe().ok()?.parent()?.join(&*options.hash_file);
    let hashes = fs::read_to_string(file).ok()?;
    hashes
        .lines()
        .find_map(|line| Some(line.trim().strip_prefix("css:")?.trim().to_owned()))
}
