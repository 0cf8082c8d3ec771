//! Reads single settings and collects their problems.

use std::collections::HashMap;

use super::SettingsError;

/// A setting comes from its environment variable or, if that is unset or empty, from the file.
pub(super) struct Reader<'a> {
    environment: &'a HashMap<String, String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a HashMap<String, String>) -> Self {
        Self {
            environment,
            problems: Vec::new(),
        }
    }

    /// Adds a problem to the error that [`Self::finish`] returns.
    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// Fails if there are problems.
    pub(super) fn finish(self) -> Result<(), SettingsError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(SettingsError(self.problems))
        }
    }

    /// Returns the trimmed value of a variable. An empty one counts as unset.
    pub(super) fn variable(&self, name: &str) -> Option<&'a str> {
        self.environment
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    pub(super) fn text(&self, variable: &str, from_file: Option<&str>) -> Option<String> {
        let from_file = from_file.filter(|text| !text.trim().is_empty());
        self.variable(variable).or(from_file).map(str::to_owned)
    }

    /// Like [`Self::text`]. A missing text is a problem, which `hint` explains.
    pub(super) fn required(&mut self, variable: &str, from_file: Option<&str>, hint: &str) -> String {
        self.text(variable, from_file).unwrap_or_else(|| {
            self.problem(format!("{variable} is missing: {hint}"));
            String::new()
        })
    }

    /// The variable separates the items by spaces.
    pub(super) fn list(&self, variable: &str, from_file: Option<&[String]>) -> Option<Vec<String>> {
        match self.variable(variable) {
            Some(text) => Some(text.split_ascii_whitespace().map(str::to_owned).collect()),
            None => from_file.map(<[String]>::to_vec),
        }
    }

    pub(super) fn number(&mut self, variable: &str, from_file: Option<u64>) -> Option<u64> {
        let Some(text) = self.variable(variable) else {
            return from_file;
        };
        let number = text.parse().ok();
        if number.is_none() {
            self.problem(format!("{variable} is not a whole number"));
        }
        number
    }

    pub(super) fn switch(&mut self, variable: &str) -> Option<bool> {
        let text = self.variable(variable)?;
        let switch = text.parse().ok();
        if switch.is_none() {
            self.problem(format!("{variable}: use true or false"));
        }
        switch
    }
}
