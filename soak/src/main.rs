//! Visitors of two instances of the app, while instances, store, provider and network fail. No
//! acknowledged session may be lost, and no page may show another user.

// The report goes to standard output, the progress to standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod chaos;
mod chart;
mod failure;
mod growth;
mod instance;
mod journal;
mod options;
mod page;
mod provider;
mod report;
mod run;
mod sampler;
mod series;
mod store;
mod verdict;
mod visitor;
mod wire;

use std::{env, fs, process::ExitCode};

use self::{failure::Failure, options::Options, report::Report};

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Options::parse(env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match soak(&options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether every invariant held.
async fn soak(options: &Options) -> Result<bool, Failure> {
    fs::create_dir_all(&options.output)?;
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    let mut runs = Vec::new();
    for kind in &options.stores {
        let (title, seconds) = (kind.title(), options.length.as_secs());
        eprintln!("==> {title}: {} users, {seconds} s, seed {seed}", options.users);
        let content = run::run(options, *kind, seed).await?;
        let heading = format!("{} users, two instances, {title}", options.users);
        let chart = options.output.join(format!("{}.svg", kind.file_name()));
        fs::write(chart, chart::svg(&heading, &content))?;
        runs.push((*kind, content));
    }
    let report = Report {
        users: options.users,
        length: options.length,
        seed,
        runs: &runs,
    };
    let text = report.to_markdown();
    println!("{text}");
    fs::write(options.output.join("report.md"), text)?;
    Ok(!report.has_violations())
}
