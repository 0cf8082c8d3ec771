use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use super::{
    Context, Step,
    report::{Report, Summary},
};
use crate::set_up::{PARTS, Part};

/// Sets up the parts that the steps need, and runs the steps. A step is not run and counts as
/// failed if a part or an earlier step that it needs has failed. Without an optional part it is not
/// run, which counts as failed only if the steps are `named` on the command line.
pub(super) fn run(steps: &[&Step], named: bool, context: Context) -> Summary {
    run_with(PARTS, steps, named, context)
}

fn run_with(parts: &[Part], steps: &[&Step], named: bool, mut context: Context) -> Summary {
    let mut summary = Summary::default();
    let mut missing = HashMap::new();
    println!("==> Setting up");
    for part in parts {
        if !steps.iter().any(|step| step.parts.contains(&part.name)) {
            continue;
        }
        if let Err(error) = (part.set_up)(&mut context.environment) {
            error.print();
            if part.is_optional {
                missing.insert(part.name, error.in_one_line());
                continue;
            }
            let report = Report::failed("could not be set up: the reason is above");
            summary.add(part.name, report, Duration::ZERO);
        }
    }
    for step in steps {
        let mut needs = step.parts.iter().chain(step.after);
        if let Some(need) = needs.find(|name| summary.lists_as_failed(name)) {
            let report = Report::failed(format!("not run: it needs {need}, which failed"));
            summary.add(step.name, report, Duration::ZERO);
            continue;
        }
        if let Some(reason) = step.parts.iter().find_map(|part| missing.get(part)) {
            let report = if named {
                Report::failed(reason)
            } else {
                Report::not_run(reason)
            };
            summary.add(step.name, report, Duration::ZERO);
            continue;
        }
        println!("\n==> {}: {}", step.name, step.title);
        let started = Instant::now();
        let report = (step.run)(&context).unwrap_or_else(|error| {
            error.print();
            Report::failed(error)
        });
        summary.add(step.name, report, started.elapsed());
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    const BUILD: Step = Step {
        name: "build",
        title: "fails",
        parts: &[],
        after: &[],
        run: |_| Err(Error::advised("no", [""; 0])),
    };
    const BROWSER: Step = Step {
        name: "browser",
        title: "needs the build",
        parts: &[],
        after: &["build"],
        run: |_| Ok(Report::passed()),
    };

    #[test]
    fn a_step_is_not_run_after_its_need_failed() {
        let summary = run(&[&BUILD, &BROWSER], true, Context::new().unwrap()).to_string();
        assert!(summary.contains("not run: it needs build"), "{summary}");
        assert!(summary.ends_with("0 passed, 2 failed\n"), "{summary}");
    }

    #[test]
    fn a_step_is_not_run_without_an_optional_part_and_its_reason_is_listed() {
        const STEP: Step = Step {
            parts: &["tool"],
            ..BROWSER
        };
        let tool = |is_optional| Part {
            name: "tool",
            set_up: |_| Err(Error::advised("the tool is missing", ["install it"])),
            is_optional,
        };
        let run = |is_optional, named| {
            let context = Context::new().unwrap();
            run_with(&[tool(is_optional)], &[&STEP], named, context).to_string()
        };
        let summary = run(true, false);
        assert!(summary.contains("not run"), "{summary}");
        assert!(summary.contains("the tool is missing (install it)"), "{summary}");
        assert!(summary.ends_with("0 passed, 0 failed\n"), "{summary}");
        let summary = run(true, true);
        assert!(summary.ends_with("0 passed, 1 failed\n"), "{summary}");
        let summary = run(false, false);
        assert!(summary.ends_with("0 passed, 2 failed\n"), "{summary}");
    }

    #[test]
    fn a_step_runs_alone_even_if_it_has_needs() {
        let summary = run(&[&BROWSER], true, Context::new().unwrap());
        assert!(!summary.has_failed(), "{summary}");
    }
}
