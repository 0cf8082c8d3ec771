//! Renders the code that the pages show, as constants. Only the server has pages.

#[cfg(feature = "ssr")]
#[path = "build/highlight.rs"]
mod highlight;
#[cfg(feature = "ssr")]
#[path = "build/panes.rs"]
mod panes;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    #[cfg(feature = "ssr")]
    panes::write()?;
    Ok(())
}
