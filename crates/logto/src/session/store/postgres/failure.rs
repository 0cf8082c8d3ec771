//! Errors of PostgreSQL: transient ones, and those that another attempt may resolve.

use crate::session::store::StoreError;

/// The name of this store in errors.
pub(super) const NAME: &str = "postgres";

/// The reason why a statement was not executed.
pub(super) enum Failure {
    Query(sqlx::Error),
    Store(StoreError),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Query(error) => classify(&error),
            Failure::Store(error) => error,
        }
    }
}

/// Whether the server answered with one of these `SQLSTATE`s, or one of these classes of two
/// characters.
fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| codes.iter().any(|expected| code.starts_with(expected)))
}

/// Whether the connection is of no use, and another one may work: the server was restarted or
/// replaced. The statement may have been executed nevertheless.
pub(super) fn is_broken_connection(error: &sqlx::Error) -> bool {
    // Connection errors, a shutdown, a start, an idle time, and a primary that is a replica now.
    const CODES: [&str; 6] = ["08", "57P01", "57P02", "57P03", "57P05", "25006"];
    matches!(error, sqlx::Error::Io(_)) || has_code(error, &CODES)
}

/// Whether the statement was rolled back because of a concurrent one, which succeeded. The pool of an
/// app may have a stricter isolation level than the default.
pub(super) fn is_serialization_failure(error: &sqlx::Error) -> bool {
    has_code(error, &["40001", "40P01"])
}

/// Whether a table or column is missing, or has another type than expected.
pub(super) fn is_other_schema(error: &sqlx::Error) -> bool {
    has_code(error, &["42"])
}

/// Whether this role may not change the tables.
pub(super) fn is_forbidden(error: &sqlx::Error) -> bool {
    // The second: the role sees no schema of its `search_path`.
    has_code(error, &["42501", "3F000"])
}

/// Logs the error's code and converts the error. Its text may contain the address, and with it the
/// password.
pub(super) fn classify(error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let kind = match error {
        // A prepared statement is missing, or exists already.
        _ if has_code(error, &["26000", "42P05"]) => StoreError::PreparedStatements(NAME),
        // Transient: class 08 (connection), 40 (transaction rollback), 53 (insufficient resources),
        // 57 (operator intervention), and 25006 (read-only during a failover).
        sqlx::Error::Database(_) if !has_code(error, &["08", "25006", "40", "53", "57"]) => {
            StoreError::Unexpected(NAME)
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::TypeNotFound { .. } => StoreError::Unexpected(NAME),
        _ => StoreError::Unavailable(NAME),
    };
    let unexpected = !matches!(kind, StoreError::Unavailable(_));
    tracing::warn!(
        unexpected,
        code = code.as_deref(),
        "a query of the session store failed"
    );
    kind
}
