use std::time::{Duration, Instant};

use super::{
    Context, Step,
    judge::{Verdict, judge},
    summary::Summary,
};
use crate::set_up::Part;

/// Sets up the parts that the steps need, and runs the steps. A step is not run and counts as
/// failed if a part or an earlier step that it needs has failed.
pub(super) fn run(steps: &[&Step], mut context: Context) -> Summary {
    let mut summary = Summary::default();
    println!("==> Setting up");
    for part in parts(steps) {
        if let Err(error) = part.set_up(&mut context.environment) {
            error.print();
            let verdict = Verdict::failed("could not be set up: the reason is above");
            summary.add(part, verdict, Duration::ZERO);
        }
    }
    for step in steps {
        if let Some(need) = failed_need(step, &summary) {
            let verdict = Verdict::failed(format!("not run: it needs {need}, which failed"));
            summary.add(step.name, verdict, Duration::ZERO);
            continue;
        }
        println!("\n==> {}: {}", step.name, step.title);
        let started = Instant::now();
        let result = (step.run)(&context);
        if let Err(error) = &result {
            error.print();
        }
        let verdict = judge(result);
        summary.add(step.name, verdict, started.elapsed());
    }
    summary
}

/// The parts of the set-up that the steps need, each once.
fn parts(steps: &[&Step]) -> Vec<Part> {
    let mut parts = Vec::new();
    for part in steps.iter().flat_map(|step| step.parts) {
        if !parts.contains(part) {
            parts.push(*part);
        }
    }
    parts
}

fn failed_need(step: &Step, summary: &Summary) -> Option<String> {
    let parts = step.parts.iter().map(ToString::to_string);
    let steps = step.after.iter().map(ToString::to_string);
    parts.chain(steps).find(|name| summary.lists_as_failed(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::{Error, Result},
        test::judge::Report,
    };

    fn fail(_: &Context) -> Result<Report> {
        Err(Error::advised("no", [""; 0]))
    }

    const BUILD: Step = Step {
        name: "build",
        title: "fails",
        parts: &[],
        after: &[],
        run: fail,
    };
    const BROWSER: Step = Step {
        name: "browser",
        title: "needs the build",
        parts: &[],
        after: &["build"],
        run: |_| Ok(Report::Success),
    };

    #[test]
    fn a_step_is_not_run_after_its_need_failed() {
        let summary = run(&[&BUILD, &BROWSER], Context::new().unwrap());
        assert!(summary.lists_as_failed("browser"));
        let text = summary.to_string();
        assert!(
            text.contains("not run: it needs build") && text.ends_with("0 passed, 2 failed\n"),
            "{text}"
        );
    }

    #[test]
    fn a_step_runs_alone_even_if_it_has_needs() {
        let summary = run(&[&BROWSER], Context::new().unwrap());
        assert!(!summary.has_failed(), "{summary}");
    }

    #[test]
    fn a_part_is_set_up_once() {
        let step = Step {
            parts: &[Part::Node, Part::Wasm],
            ..BUILD
        };
        assert_eq!(parts(&[&step, &step]), [Part::Node, Part::Wasm]);
    }
}
