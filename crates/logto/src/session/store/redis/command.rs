//! A command with one key, so that it runs on any server of a cluster.

use redis::{Cmd, Pipeline, RedisResult, ToRedisArgs, Value, aio::MultiplexedConnection};

/// An idempotent command with one key.
#[derive(Clone)]
pub(super) struct Command {
    pub(super) key: String,
    command: Cmd,
}

impl Command {
    pub(super) fn new(name: &str, key: String) -> Self {
        let mut command = redis::cmd(name);
        command.arg(&key);
        Self { key, command }
    }

    /// A script with one key. Redis compiles a script once, so its text costs bandwidth only, and a
    /// server that has lost its scripts, as after a failover, needs no second attempt.
    pub(super) fn script(script: &str, key: String) -> Self {
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(1).arg(&key);
        Self { key, command }
    }

    pub(super) fn arg(mut self, argument: impl ToRedisArgs) -> Self {
        self.command.arg(argument);
        self
    }
}

/// Sends commands in one round trip, and returns one answer for each, which may be an error.
pub(super) async fn send(
    connection: &mut MultiplexedConnection,
    commands: impl Iterator<Item = &Command>,
) -> RedisResult<Vec<Value>> {
    let mut pipeline = Pipeline::new();
    for command in commands {
        pipeline.add_command(command.command.clone());
    }
    let count = pipeline.len();
    connection.send_packed_commands(&pipeline, 0, count).await
}

/// Like [`send`], to the server that a slot is being moved to. It answers only after `ASKING`.
pub(super) async fn send_asking(
    connection: &mut MultiplexedConnection,
    commands: impl Iterator<Item = &Command>,
) -> RedisResult<Vec<Value>> {
    let mut pipeline = Pipeline::new();
    for command in commands {
        pipeline.cmd("ASKING").add_command(command.command.clone());
    }
    let count = pipeline.len();
    let answers = connection.send_packed_commands(&pipeline, 0, count).await?;
    Ok(answers.into_iter().skip(1).step_by(2).collect())
}
