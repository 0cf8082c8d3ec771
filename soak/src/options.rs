//! The command line.

use std::{path::PathBuf, time::Duration};

use crate::store::StoreKind;

pub(crate) const USAGE: &str =
    "usage: soak [--short] [--store redis|postgres|sentinel]… [--users N] [--seconds N] [--seed N]
            [--app PATH] [--output DIRECTORY] [--break secret|store|browser]";

/// A deliberate mistake, which the checks have to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// The second instance has another cookie secret.
    Secret,
    /// The store forgets its data when it is restarted.
    Store,
    /// Two visitors share a browser.
    Browser,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) is_short: bool,
    pub(crate) stores: Vec<StoreKind>,
    pub(crate) users: u32,
    /// The time with users and faults, for each store.
    pub(crate) length: Duration,
    /// `None`: a random one.
    pub(crate) seed: Option<u64>,
    pub(crate) app: PathBuf,
    pub(crate) output: PathBuf,
    pub(crate) mistake: Option<Mistake>,
}

impl Options {
    /// Reads the arguments after the name of the program.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut stores, mut users, mut seconds, mut seed, mut mistake) = (Vec::new(), None, None, None, None);
        let (mut is_short, mut app, mut output) = (false, "target/debug/quick-start".into(), "target/soak".into());
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            if argument == "--short" {
                is_short = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
            let invalid = || format!("{argument} has an invalid value: {value}");
            match argument.as_str() {
                "--store" => stores.push(StoreKind::named(&value).ok_or_else(invalid)?),
                "--users" => users = Some(value.parse().map_err(|_| invalid())?),
                "--seconds" => seconds = Some(value.parse().map_err(|_| invalid())?),
                "--seed" => seed = Some(value.parse().map_err(|_| invalid())?),
                "--app" => app = PathBuf::from(value),
                "--output" => output = PathBuf::from(value),
                "--break" => mistake = Some(Mistake::named(&value).ok_or_else(invalid)?),
                _ => return Err(format!("there is no option {argument}")),
            }
        }
        if stores.is_empty() {
            stores = vec![StoreKind::Redis, StoreKind::Postgres];
            if !is_short {
                stores.push(StoreKind::Sentinel);
            }
        }
        let (default_users, default_seconds) = if is_short { (20, 15) } else { (200, 600) };
        Ok(Self {
            is_short,
            stores,
            users: users.unwrap_or(default_users),
            length: Duration::from_secs(seconds.unwrap_or(default_seconds)),
            seed,
            app,
            output,
            mistake,
        })
    }
}

impl Mistake {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "secret" => Self::Secret,
            "store" => Self::Store,
            "browser" => Self::Browser,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_short_form_has_fewer_users_and_less_time() {
        let (long, short) = (parse("").unwrap(), parse("--short").unwrap());
        assert_eq!((long.users, long.length.as_secs(), long.stores.len()), (200, 600, 3));
        assert_eq!((short.users, short.length.as_secs(), short.stores.len()), (20, 15, 2));
    }

    #[test]
    fn every_option_has_an_effect() {
        let options =
            parse("--store postgres --users 3 --seconds 4 --seed 5 --app a --output o --break secret").unwrap();
        let expected = Options {
            is_short: false,
            stores: vec![StoreKind::Postgres],
            users: 3,
            length: Duration::from_secs(4),
            seed: Some(5),
            app: "a".into(),
            output: "o".into(),
            mistake: Some(Mistake::Secret),
        };
        assert_eq!(options, expected);
    }

    #[test]
    fn a_wrong_argument_is_named() {
        for (line, named) in [
            ("--store mysql", "mysql"),
            ("--users", "--users"),
            ("--fast 1", "--fast"),
        ] {
            assert!(parse(line).unwrap_err().contains(named), "{line}");
        }
    }
}
