//! Renders the code that the pages show, as constants. Only the server has pages.

#[cfg(feature = "ssr")]
#[path = "build/highlight.rs"]
mod highlight;
#[cfg(feature = "ssr")]
#[path = "build/panes.rs"]
mod panes;

#[cfg(feature = "ssr")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    panes::write()
}

#[cfg(not(feature = "ssr"))]
fn main() {}
