//! `Dockerfile`: the parts of its language that ours uses. Another instruction is an error, so that
//! a test does not ignore it.

use std::{fs, path::Path};

use parse_dockerfile::{Command, Flag, HealthcheckArguments, Instruction, Source, UnescapedString};

use crate::error::{Error, Result};

const FILE: &str = "Dockerfile";

pub(crate) struct Dockerfile {
    pub(crate) stages: Vec<Stage>,
}

/// A stage. Instructions of a kind are in their order.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Stage {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) directory: String,
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) copies: Vec<Copied>,
    pub(crate) commands: Vec<String>,
    pub(crate) user: String,
    pub(crate) health_check: Vec<String>,
    pub(crate) entry_point: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Copied {
    /// The stage that has the file; `None` for the build context.
    pub(crate) from: Option<String>,
    pub(crate) source: String,
    pub(crate) destination: String,
}

impl Dockerfile {
    /// Reads the file in a directory.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE);
        let text = fs::read_to_string(&file).map_err(Error::file(&file))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let file = parse_dockerfile::parse(text).map_err(|error| invalid(error.to_string()))?;
        let stages = file.stages().map(|stage| {
            let name = stage.from.as_.as_ref().map(|(_, name)| text_of(name));
            let mut result = Stage {
                name: name.unwrap_or_default(),
                base: text_of(&stage.from.image),
                ..Stage::default()
            };
            stage
                .instructions
                .iter()
                .try_for_each(|instruction| result.add(instruction))?;
            Ok(result)
        });
        Ok(Self {
            stages: stages.collect::<Result<_>>()?,
        })
    }

    pub(crate) fn stage(&self, name: &str) -> Result<&Stage> {
        let stage = self.stages.iter().find(|stage| stage.name == name);
        stage.ok_or_else(|| invalid(format!("there is no stage {name}")))
    }

    /// The stage that becomes the image.
    pub(crate) fn last(&self) -> Result<&Stage> {
        self.stages.last().ok_or_else(|| invalid("there is no stage"))
    }
}

impl Stage {
    fn add(&mut self, instruction: &Instruction<'_>) -> Result {
        match instruction {
            Instruction::Arg(arg) => self.arguments.push(pair(&arg.arguments)?),
            Instruction::Env(env) => self.variables.push(pair(&env.arguments)?),
            Instruction::Workdir(workdir) => self.directory = text_of(&workdir.arguments),
            Instruction::User(user) => self.user = text_of(&user.arguments),
            Instruction::Expose(_) => {}
            Instruction::Copy(copy) => {
                let from = copy.options.iter().find_map(|flag| value_of(flag, "from"));
                for source in &copy.src {
                    let Source::Path(source) = source else {
                        return Err(invalid("COPY with a here-document"));
                    };
                    self.copies.push(Copied {
                        from: from.clone(),
                        source: text_of(source),
                        destination: text_of(&copy.dest),
                    });
                }
            }
            Instruction::Run(run) => match &run.arguments {
                Command::Shell(command) if run.here_docs.is_empty() => self.commands.push(command.value.to_string()),
                _ => return Err(invalid("RUN without a shell, or with a here-document")),
            },
            Instruction::Healthcheck(check) => match &check.arguments {
                HealthcheckArguments::Cmd { arguments, .. } => self.health_check = words(arguments)?,
                other => return Err(invalid(format!("HEALTHCHECK {other:?}"))),
            },
            Instruction::Entrypoint(entry) => self.entry_point = words(&entry.arguments)?,
            other => {
                return Err(invalid(format!(
                    "an instruction that the test does not know: {other:?}"
                )));
            }
        }
        Ok(())
    }
}

fn invalid(problem: impl Into<String>) -> Error {
    Error::format(FILE, problem)
}

fn text_of(text: &UnescapedString<'_>) -> String {
    text.value.to_string()
}

fn value_of(flag: &Flag<'_>, name: &str) -> Option<String> {
    flag.value.as_ref().filter(|_| flag.name.value == name).map(text_of)
}

/// `NAME=value` or `NAME="value"`.
fn pair(text: &UnescapedString<'_>) -> Result<(String, String)> {
    let text = text.value.trim();
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| invalid(format!("{text} has no value")))?;
    Ok((name.to_owned(), value.trim_matches('"').to_owned()))
}

/// The words of a command that runs without a shell.
fn words(command: &Command<'_>) -> Result<Vec<String>> {
    match command {
        Command::Exec(words) => Ok(words.value.iter().map(text_of).collect()),
        other => Err(invalid(format!("the image has no shell for {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_has_its_instructions() {
        let text = "ARG V=1\nFROM rust:${V} AS build\nWORKDIR /build\nARG OPTIONS=\"-a -b\"\nENV A=b\nCOPY . .\n\
                    RUN --mount=type=cache,target=/x one \\\n    && two\n\
                    FROM scratch\nCOPY --from=build /build/app/ ./\nUSER 1:2\nEXPOSE 3000\n\
                    HEALTHCHECK --interval=1s CMD [\"/app\", \"--health\"]\nENTRYPOINT [\"/app\"]\n";
        let file = Dockerfile::parse(text).unwrap();
        let build = file.stage("build").unwrap();
        assert_eq!(build.directory, "/build");
        assert_eq!(build.arguments, [("OPTIONS".to_owned(), "-a -b".to_owned())]);
        assert_eq!(build.variables, [("A".to_owned(), "b".to_owned())]);
        // The shell joins the lines.
        assert_eq!(build.commands, ["one \\\n    && two"]);
        let last = file.last().unwrap();
        assert_eq!((&*last.base, &*last.user), ("scratch", "1:2"));
        assert_eq!(last.copies[0].from.as_deref(), Some("build"));
        assert_eq!(last.health_check, ["/app", "--health"]);
        assert_eq!(last.entry_point, ["/app"]);
    }

    #[test]
    fn instructions_that_the_test_would_ignore_are_errors() {
        for line in [
            "ADD a b",
            "ENTRYPOINT app",
            "HEALTHCHECK NONE",
            "SHELL [\"sh\"]",
            "RUN [\"a\"]",
        ] {
            assert!(Dockerfile::parse(&format!("FROM scratch\n{line}\n")).is_err(), "{line}");
        }
    }
}
