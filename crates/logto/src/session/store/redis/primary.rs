//! One server with all keys: the one that the address names, or Sentinel's primary.

use std::sync::Arc;

use redis::{RedisResult, Value, aio::MultiplexedConnection};
use tokio::time::Instant;

use super::{
    access::Access,
    address::Endpoint,
    command::{Command, send},
    failure::{is_worth_a_retry, until},
    sentinel::Sentinels,
    shared::{Connections, LazyConnection},
};

#[derive(Clone)]
pub(super) struct Primary(Arc<Inner>);

struct Inner {
    source: Source,
    connections: Connections<()>,
}

/// Where the connection comes from.
pub(super) enum Source {
    Server(Access, Endpoint),
    Sentinel(Sentinels),
}

impl Primary {
    pub(super) fn new(source: Source) -> Self {
        Self(Arc::new(Inner {
            source,
            connections: Connections::default(),
        }))
    }

    /// Runs commands in their order, in one round trip.
    ///
    /// Another attempt follows if the connection is broken or its server is no primary any more,
    /// because the server may have been restarted or replaced since the last query.
    pub(super) async fn run(&self, commands: &[Command], deadline: Instant) -> RedisResult<Vec<Value>> {
        self.check_in_background();
        let first = self.0.attempt(commands, deadline).await;
        match first {
            Err(error) if is_worth_a_retry(&error) && Instant::now() < deadline => {
                self.0.attempt(commands, deadline).await
            }
            first => first,
        }
    }

    /// Leaves a primary that the sentinels have replaced, even if it still answers.
    fn check_in_background(&self) {
        let Source::Sentinel(sentinels) = &self.0.source else {
            return;
        };
        if !sentinels.is_check_due() {
            return;
        }
        let connection = self.0.connections.to(&());
        let primary = self.clone();
        tokio::spawn(async move {
            if let Source::Sentinel(sentinels) = &primary.0.source
                && sentinels.has_replaced_primary().await
            {
                primary.0.connections.discard(&(), &connection);
            }
        });
    }
}

impl Inner {
    async fn attempt(&self, commands: &[Command], deadline: Instant) -> RedisResult<Vec<Value>> {
        let connection = self.connections.to(&());
        let answer = until(deadline, self.send(&connection, commands)).await;
        if answer.is_err() {
            self.connections.discard(&(), &connection);
        }
        answer
    }

    async fn send(&self, connection: &Arc<LazyConnection>, commands: &[Command]) -> RedisResult<Vec<Value>> {
        let connection = connection.get_or_try_init(|| self.connect()).await?;
        let answers = send(&mut connection.clone(), commands.iter()).await?;
        answers.into_iter().map(Value::extract_error).collect()
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        match &self.source {
            Source::Server(access, server) => access.connect(server).await,
            Source::Sentinel(sentinels) => sentinels.connect().await,
        }
    }
}
