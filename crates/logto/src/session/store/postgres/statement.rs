//! One statement with its values, and the two ways to send it in one round trip.

use futures_util::TryStreamExt as _;
use sqlx::{
    ConnectOptions as _, Either, Executor as _, PgConnection, Postgres,
    postgres::{PgArguments, PgConnectOptions, PgRow},
    query::Query,
};

use super::literal;

/// How statements are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// As a named statement that the connection prepares once. Its first use takes a second round
    /// trip.
    Prepared,
    /// As a text with its values, in one message. A pooler that gives each transaction another
    /// connection loses prepared statements, also unnamed ones, because sqlx sends a statement and
    /// its values in two round trips.
    Text,
}

impl Protocol {
    /// A cache of zero statements is sqlx's setting for such a pooler.
    pub(super) fn of(options: &PgConnectOptions) -> Self {
        // There is no other way to read it. The name and the host are replaced, because sqlx panics
        // if they are not valid in an address.
        let address = options.clone().host("localhost").username("postgres").to_url_lossy();
        let is_off = |(key, value): (_, _)| key == "statement-cache-capacity" && value == "0";
        if address.query_pairs().any(is_off) {
            Self::Text
        } else {
            Self::Prepared
        }
    }
}

/// A statement, which can be sent more than once.
pub(super) struct Statement {
    sql: &'static str,
    values: Vec<Value>,
}

#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    OptionalText(Option<String>),
    Texts(Vec<String>),
    Number(i64),
}

macro_rules! values {
    ($($type:ty => $variant:ident)+) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        })+
    };
}

values! {
    String => Text
    Option<String> => OptionalText
    Vec<String> => Texts
    i64 => Number
}

/// The server's answer.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) rows: Vec<PgRow>,
    pub(super) affected: u64,
}

impl Statement {
    pub(super) fn new(sql: &'static str) -> Self {
        Self {
            sql,
            values: Vec::new(),
        }
    }

    /// Adds the value of the next parameter.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(super) async fn run(&self, connection: &mut PgConnection, protocol: Protocol) -> Result<Answer, sqlx::Error> {
        let text;
        let mut results = match protocol {
            Protocol::Prepared => connection.fetch_many(self.prepared()),
            Protocol::Text => {
                text = self.text();
                connection.fetch_many(sqlx::raw_sql(&text))
            }
        };
        let mut answer = Answer::default();
        while let Some(result) = results.try_next().await? {
            match result {
                Either::Left(done) => answer.affected += done.rows_affected(),
                Either::Right(row) => answer.rows.push(row),
            }
        }
        Ok(answer)
    }

    fn prepared(&self) -> Query<'static, Postgres, PgArguments> {
        let query = sqlx::query(self.sql);
        self.values.iter().cloned().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::OptionalText(text) => query.bind(text),
            Value::Texts(texts) => query.bind(texts),
            Value::Number(number) => query.bind(number),
        })
    }

    /// The statement with a literal in place of each parameter.
    fn text(&self) -> String {
        let mut parts = self.sql.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|character: char| character.is_ascii_digit());
            let number = part[..part.len() - rest.len()].parse::<usize>();
            // An unknown number becomes NULL, which changes and finds no row.
            let value = number.ok().and_then(|number| self.values.get(number.wrapping_sub(1)));
            text.push_str(&value.map_or_else(|| literal::NULL.to_owned(), Value::literal));
            text.push_str(rest);
        }
        text
    }
}

impl Value {
    fn literal(&self) -> String {
        match self {
            Self::Text(text) | Self::OptionalText(Some(text)) => literal::text(text),
            Self::OptionalText(None) => literal::NULL.to_owned(),
            Self::Texts(texts) => literal::texts(texts),
            Self::Number(number) => number.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use super::*;

    #[test]
    fn each_parameter_becomes_a_literal() {
        let statement = Statement::new("UPDATE t SET a = $1, b = $2 WHERE c = ANY($3) AND a <> $1 AND d = $10")
            .bind(-7_i64)
            .bind(None::<String>)
            .bind(vec!["x".to_owned()]);
        let x = literal::text("x");
        assert_eq!(
            statement.text(),
            format!("UPDATE t SET a = -7, b = NULL WHERE c = ANY(ARRAY[{x}]::text[]) AND a <> -7 AND d = NULL")
        );
    }

    #[test]
    fn a_value_with_a_dollar_is_not_taken_for_a_parameter() {
        let statement = Statement::new("SELECT $1, $2").bind("$2".to_owned()).bind(5_i64);
        assert_eq!(statement.text(), format!("SELECT {}, 5", literal::text("$2")));
    }

    #[test]
    fn a_cache_without_room_means_that_nothing_is_prepared() {
        let options = |address| PgConnectOptions::from_str(address).unwrap();
        for (address, expected) in [
            ("postgres://u:p@h/d", Protocol::Prepared),
            ("postgres://u:p@h/d?statement-cache-capacity=10", Protocol::Prepared),
            ("postgres://u:p@h/d?statement-cache-capacity=0", Protocol::Text),
        ] {
            assert_eq!(Protocol::of(&options(address)), expected, "{address}");
        }
        // sqlx cannot write these as an address.
        let odd = options("postgres://u@h/d").host("2001:db8::1").username("a/b@c");
        assert_eq!(Protocol::of(&odd), Protocol::Prepared);
        assert_eq!(Protocol::of(&odd.statement_cache_capacity(0)), Protocol::Text);
    }
}
