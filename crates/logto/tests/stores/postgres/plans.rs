//! How the server executes each statement, on a table with 100,000 sessions.
//!
//! `docs/postgres.md` shows the plans. With `UPDATE_DOCS=1` the test writes them there.

use std::{env, fs};

use logto::session::store::PostgresStore;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::{
    APP, connection,
    operations::Operation,
    round_trips::{TIMES, round_trips_of},
    schema,
};
use crate::recorder::{Recorder, RoundTrip};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/postgres.md");
const BEGIN: &str = "<!-- The following part is written by a test: crates/logto/tests/stores/postgres/plans.rs -->\n";
const END: &str = "<!-- The end of that part. -->\n";

/// Two apps with 100,000 sessions together: a user has two of them, every eighth session has no
/// `sid`, and one in five has expired.
async fn fill(schema: &str) {
    let statement = format!(
        "INSERT INTO {schema}.logto_sessions (app, id, version, sealed, sub, sid, expires)
         SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE '{APP}' END, md5(n::text), 1, repeat('x', 1000),
             md5((n / 2)::text), CASE WHEN n % 8 > 0 THEN md5('sid' || n) END, 980000 + n
         FROM generate_series(1, 100000) AS n;
         ANALYZE {schema}.logto_sessions"
    );
    connection().await.execute(sqlx::raw_sql(&statement)).await.unwrap();
}

/// The statement that the store sends for an operation, and its number of round trips.
async fn recorded(address: &str, parameter: &str, operation: Operation) -> (String, usize) {
    let address = format!("{address}{parameter}");
    let recorder = Recorder::to(&address).await;
    let store = PostgresStore::new(&recorder.address(&address), APP).unwrap();
    let repeated = round_trips_of(operation, &store, &recorder).await;
    let is_query = |round_trip: &&RoundTrip| !round_trip.prepares() && !round_trip.is_ping();
    let queries = repeated.iter().filter(is_query).count();
    assert_eq!(queries % TIMES, 0, "{operation:?}");
    let sql = recorder
        .round_trips()
        .into_iter()
        .rev()
        .find_map(|round_trip| round_trip.sql);
    (sql.expect("a statement"), queries / TIMES)
}

/// The plan that does not know the values, which a prepared statement has after some uses.
async fn generic_plan(connection: &mut PgConnection, sql: &str) -> String {
    let numbers = sql.split('$').skip(1);
    let count = numbers
        .filter_map(|part| part.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok())
        .max();
    let values = vec!["NULL"; count.unwrap()].join(", ");
    let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE statement AS {sql}");
    connection.execute(sqlx::raw_sql(&prepare)).await.unwrap();
    let plan = explain(connection, &format!("EXECUTE statement({values})")).await;
    connection.execute("DEALLOCATE statement").await.unwrap();
    plan
}

/// The answer to `EXPLAIN`, without conditions other than those of an index.
async fn explain(connection: &mut PgConnection, statement: &str) -> String {
    let explain = format!("EXPLAIN (COSTS OFF) {statement}");
    let rows = connection.fetch_all(sqlx::raw_sql(&explain)).await.unwrap();
    let lines = rows.iter().map(|row| row.get::<&str, _>(0));
    // Until version 16 it names the result of an `InitPlan`.
    let lines = lines.map(|line| line.split(" (returns").next().unwrap_or_default());
    let is_shown = |line: &&str| !line.contains(": ") || line.contains("Index Cond: ") || line.contains("Arbiter");
    lines.filter(is_shown).collect::<Vec<_>>().join("\n")
}

fn title(operation: Operation) -> &'static str {
    match operation {
        Operation::Load => "`load`",
        Operation::LoadAll => "`load_all`",
        Operation::SaveNew => "`save` of a new session",
        Operation::SaveChange => "`save` of a changed session",
        Operation::Delete => "`delete`",
        Operation::DeleteBySid => "`delete_by_sid`",
        Operation::DeleteBySub => "`delete_by_sub`",
        Operation::DeleteBySubWithoutSid => "`delete_by_sub_without_sid`",
        Operation::DeleteExpired => "`delete_expired`",
    }
}

/// Removes the indentation that a statement has in the code.
fn dedented(sql: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let smallest = sql.lines().skip(1).map(indentation).min().unwrap_or_default();
    let rest = sql.lines().skip(1).map(|line| format!("\n{}", &line[smallest..]));
    let first = sql.lines().next().unwrap_or_default().to_owned();
    first + &rest.collect::<String>()
}

/// The part of the page that depends on neither the version of the server nor its statistics: the
/// conditions are left out.
fn compared(part: &str) -> Vec<&str> {
    part.lines().filter(|line| !line.contains("Index Cond: ")).collect()
}

#[tokio::test]
async fn the_documentation_shows_how_the_server_executes_each_statement() {
    let (schema, address) = schema().await;
    PostgresStore::new(&address, APP).unwrap().migrate().await.unwrap();
    fill(&schema).await;
    let mut table = vec!["| operation | round trips |\n|---|---:|\n".to_owned()];
    let mut plans = Vec::new();
    for operation in Operation::ALL {
        let (sql, round_trips) = recorded(&address, "", operation).await;
        let (text, round_trips_of_text) = recorded(&address, "&statement-cache-capacity=0", operation).await;
        assert_eq!(round_trips, round_trips_of_text, "{operation:?}");
        let mut connection = PgConnection::connect(&address).await.unwrap();
        let generic = generic_plan(&mut connection, &sql).await;
        let with_values = explain(&mut connection, &text).await;
        for plan in [&generic, &with_values] {
            assert!(
                !plan.contains("Seq Scan"),
                "{operation:?} reads the whole table:\n{plan}"
            );
            assert!(plan.contains("logto_sessions_"), "{operation:?} uses no index:\n{plan}");
        }
        let title = title(operation);
        table.push(format!("| {title} | {round_trips} |\n"));
        plans.push(format!(
            "\n{title}:\n\n```sql\n{}\n```\n\n```text\n{generic}\n```\n",
            dedented(&sql)
        ));
    }
    let part = [table, plans].concat().concat();
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the beginning of the part");
    let (found, after) = rest.split_once(END).expect("the end of the part");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(PAGE, format!("{before}{BEGIN}\n{part}\n{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        compared(found.trim()),
        compared(part.trim()),
        "docs/postgres.md is out of date; run this test with UPDATE_DOCS=1"
    );
}
