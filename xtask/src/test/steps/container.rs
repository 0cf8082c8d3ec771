//! The container image without a container engine: the commands of its build run in a copy that has
//! only the files that `.dockerignore` leaves, and the result runs with the settings of the image.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Child,
    thread,
    time::{Duration, Instant},
};

use super::super::{context::Context, http, report::Report};
use crate::{
    container::{BuildContext, Copied, Dockerfile, Image, Stage},
    error::{Error, Result},
    output::note,
    process::{output, run},
};

/// The app accepts connections some tenths of a second after its start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A debug build, because an optimized one takes half an hour.
const ARGUMENTS: [(&str, &str); 2] = [("OPTIONS", ""), ("PROFILE", "debug")];

/// Settings for the start. The test sends no request that needs the provider.
const SETTINGS: [(&str, &str); 5] = [
    ("LOGTO_ENDPOINT", "https://tenant.example"),
    ("LOGTO_APP_ID", "app"),
    ("LOGTO_APP_SECRET", "secret"),
    ("LOGTO_COOKIE_SECRET", "a-secret-of-thirty-two-bytes-or-more"),
    ("LOGTO_BASE_URL", "https://app.example"),
];

/// The directory of the stylesheet, the script and the WebAssembly, whose names contain a hash.
const PACKAGE: &str = "site/pkg";

/// A page that runs code in the browser. Others have no script.
const PAGE: &str = "/organizations";

/// The libraries of `gcr.io/distroless/cc-debian13`, without those that have no file.
const LIBRARIES: [&str; 3] = ["libc.so.6", "libm.so.6", "libgcc_s.so.1"];

pub(super) fn container(context: &Context) -> Result<Report> {
    let target = &context.workspace.target;
    let dockerfile = Dockerfile::read(Path::new("."))?;
    // Not a new directory each time: Cargo would compile the workspace again, and keep all results.
    let files = BuildContext::update(Path::new("."), target.join("container"))?;
    let stage = dockerfile.stage("build")?;
    keeping_the_program(&target.join("debug/quick-start"), || {
        build(context, stage, &files.directory)
    })?;
    let image = Image::new(dockerfile.last()?, |copied| place(copied, stage, &files.directory))?;
    links_only_known_libraries(&image.entry_point())?;
    serves(image)?;
    Ok(Report::passed())
}

/// Runs the commands of the stage.
fn build(context: &Context, stage: &Stage, directory: &Path) -> Result {
    for text in &stage.commands {
        note(text);
        let mut command = context.command("sh");
        command.args(["-c", text]).current_dir(directory);
        for (name, value) in stage.arguments.iter().chain(&stage.variables) {
            command.env(name, value);
        }
        command.envs(ARGUMENTS);
        // Compiled dependencies are shared with the other steps.
        command.env("CARGO_TARGET_DIR", &context.workspace.target);
        run(&mut command)?;
    }
    Ok(())
}

/// Puts the program of another step back, which the build replaces. It belongs to the browser's
/// files of that step.
fn keeping_the_program(program: &Path, build: impl FnOnce() -> Result) -> Result {
    let before = program.with_extension("before-container");
    let was_there = fs::rename(program, &before).is_ok();
    let result = build();
    let restored = if was_there {
        fs::rename(&before, program)
    } else {
        fs::remove_file(program)
    };
    result.and(restored.map_err(Error::file(program)))
}

/// The place of a file that the last stage copies.
fn place(copied: &Copied, build: &Stage, directory: &Path) -> Result<PathBuf> {
    let place = match &copied.from {
        None => directory.join(&copied.source),
        Some(from) if *from == build.name => {
            let source = Path::new(&copied.source).strip_prefix(&build.directory);
            directory.join(source.unwrap_or(Path::new(&copied.source)))
        }
        Some(other) => return Err(failed(format!("the last stage copies from {other}"))),
    };
    Ok(place)
}

fn links_only_known_libraries(program: &Path) -> Result {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let mut ldd = std::process::Command::new("ldd");
    let text = output(ldd.arg(program)).ok_or_else(|| failed("ldd failed"))?;
    // "libm.so.6 => /lib/… (0x…)"; the loader and the kernel's library have no arrow.
    let needed = text.lines().filter_map(|line| line.split_once(" => "));
    match needed
        .map(|(name, _)| name.trim())
        .find(|name| !LIBRARIES.contains(name))
    {
        Some(unknown) => Err(failed(format!("the image does not have {unknown}"))),
        None => Ok(()),
    }
}

/// Starts the app as the image does, requests pages and files, and stops it as an engine does.
fn serves(mut image: Image<'_>) -> Result {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    for (name, value) in SETTINGS {
        image.set(name, value);
    }
    image.set("LEPTOS_SITE_ADDR", &format!("0.0.0.0:{port}"));
    if image.health()?.success() {
        return Err(failed("the health check succeeds without the app"));
    }
    let mut app = Ended(image.start()?);
    let deadline = Instant::now() + PATIENCE;
    while http::get(&address, "/health").is_err() {
        if let Ok(Some(status)) = app.0.try_wait() {
            return Err(failed(format!("the app has ended: {status}")));
        }
        if Instant::now() > deadline {
            return Err(failed("the app does not listen"));
        }
        thread::yield_now();
    }
    if !image.health()?.success() {
        return Err(failed("the health check fails while the app runs"));
    }
    fetch(&address, "/")?;
    let page = fetch(&address, PAGE)?;
    let files = image.files(PACKAGE)?;
    note(&format!("the files of the page: {}", files.join(", ")));
    for kind in ["css", "js", "wasm"] {
        let name = files.iter().find_map(|file| file.strip_suffix(kind)?.strip_suffix('.'));
        let name = name.ok_or_else(|| failed(format!("{PACKAGE} has no file of the kind {kind}")))?;
        if !page.contains(name) {
            return Err(failed(format!("the page does not name {name}")));
        }
        fetch(&address, &format!("/pkg/{name}.{kind}"))?;
    }
    app.terminate()
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(Error::file("127.0.0.1:0"))
}

fn fetch(address: &str, path: &str) -> Result<String> {
    let (status, response) = http::get(address, path).map_err(Error::file(path))?;
    if status != "HTTP/1.1 200 OK" {
        return Err(failed(format!("{path}: {status}")));
    }
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// The app, which ends with the test.
struct Ended(Child);

impl Ended {
    fn terminate(&mut self) -> Result {
        let id = self.0.id().to_string();
        run(std::process::Command::new("kill").args(["-TERM", &id]))?;
        match self.0.wait() {
            Ok(status) if status.success() => Ok(()),
            other => Err(failed(format!("the app does not end in order: {other:?}"))),
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn failed(problem: impl Into<String>) -> Error {
    Error::advised(problem, [""; 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_does_not_replace_the_program_of_another_step() {
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("program");
        let build = || fs::write(&program, "new").map_err(Error::file(&program));
        keeping_the_program(&program, build).unwrap();
        assert!(!program.exists(), "there was none");
        fs::write(&program, "old").unwrap();
        keeping_the_program(&program, build).unwrap();
        assert_eq!(fs::read_to_string(&program).unwrap(), "old");
    }
}
