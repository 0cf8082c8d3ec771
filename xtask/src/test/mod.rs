//! `script/test`: runs named steps one after the other, and sums up how each ended.

mod context;
mod counts;
mod http;
mod report;
mod runner;
mod steps;

use std::process::ExitCode;

use self::{
    context::Context,
    steps::{STEPS, Step},
};
use crate::error::{Error, Result};

/// `[--only NAME…]`. Prints `N passed, N failed` as its last line, and fails if anything did.
pub(crate) fn main(arguments: &[&str]) -> Result<ExitCode> {
    if matches!(arguments, ["--help" | "-h"]) {
        println!("{}", usage());
        return Ok(ExitCode::SUCCESS);
    }
    let steps = match select(arguments) {
        Ok(steps) => steps,
        Err(error) => {
            error.print();
            eprintln!("{}", usage());
            return Ok(ExitCode::from(2));
        }
    };
    let summary = runner::run(&steps, !arguments.is_empty(), Context::new()?);
    print!("{summary}");
    Ok(if summary.has_failed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The steps to run, in their usual order.
fn select(arguments: &[&str]) -> Result<Vec<&'static Step>> {
    let names = match arguments {
        [] => return Ok(STEPS.iter().collect()),
        ["--only", names @ ..] if !names.is_empty() => names,
        ["--only"] => return Err(wrong("--only needs the name of a step".to_owned())),
        [other, ..] => return Err(wrong(format!("there is no option {other}"))),
    };
    if let Some(name) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        return Err(wrong(format!("there is no step named '{name}'")));
    }
    Ok(STEPS.iter().filter(|step| names.contains(&step.name)).collect())
}

fn wrong(problem: String) -> Error {
    Error::advised(problem, [""; 0])
}

fn usage() -> String {
    let steps: Vec<_> = STEPS
        .iter()
        .map(|step| format!("  {:<12}{}", step.name, step.title))
        .collect();
    format!(
        "usage: script/test [--only NAME…]\n\nWithout --only all steps run:\n{}",
        steps.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::set_up::PARTS;

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        select(arguments).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_run_in_their_usual_order() {
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["--only", "clippy", "fmt"]), ["fmt", "clippy"]);
    }

    #[test]
    fn an_unknown_name_and_an_empty_selection_are_mistakes() {
        for arguments in [
            &["--only"][..],
            &["--only", "fmt", "nothing"],
            &["--only", ""],
            &["fmt"],
        ] {
            assert!(select(arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn every_step_has_a_unique_name() {
        let names: HashSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
        assert!(STEPS.iter().all(|step| usage().contains(step.title)));
    }

    #[test]
    fn every_part_of_the_set_up_that_a_step_needs_exists() {
        for name in STEPS.iter().flat_map(|step| step.parts) {
            assert!(PARTS.iter().any(|part| part.name == *name), "{name}");
        }
    }

    #[test]
    fn a_step_depends_on_earlier_steps_only() {
        let position = |name: &str| STEPS.iter().position(|step| step.name == name);
        for (index, step) in STEPS.iter().enumerate() {
            for earlier in step.after {
                assert!(position(earlier).is_some_and(|position| position < index), "{earlier}");
            }
        }
    }
}
