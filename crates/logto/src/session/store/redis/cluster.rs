//! A cluster: each node has some of the slots, and each command goes to the node of its key.
//!
//! The library's own cluster client opens its connections with the crypto provider of the process
//! (see `access`), and spreads commands with several keys. Ours all have one.

mod slots;
mod topology;

use std::{collections::HashMap, io};

use futures_util::future::join_all;
use redis::{RedisError, RedisResult, Value, cmd};
use tokio::time::Instant;

use self::{slots::Slots, topology::Topology};
use super::{
    access::Access,
    address::Endpoint,
    command::{Command, send, send_asking},
    failure::{LOOKUP_TIMEOUT, Redirect, is_worth_a_retry, redirect, until},
    shared::Connections,
};

/// How often a command follows redirects. More of them mean that the nodes do not agree.
const MAX_REDIRECTS: usize = 5;

pub(super) struct Cluster {
    access: Access,
    topology: Topology,
    connections: Connections<Endpoint>,
}

/// A command that has no answer yet.
struct Pending {
    position: usize,
    redirect: Option<Redirect>,
}

/// Commands for one node, by their positions.
struct Group {
    node: Endpoint,
    /// Whether `ASKING` precedes each command.
    is_asking: bool,
    positions: Vec<usize>,
}

impl Cluster {
    pub(super) fn new(access: Access, seeds: Vec<Endpoint>) -> Self {
        Self {
            access,
            topology: Topology::new(seeds),
            connections: Connections::default(),
        }
    }

    /// Runs independent commands, those of each node in one round trip and all nodes concurrently.
    ///
    /// Redirects are followed. If a node is down, starting or no primary any more, the nodes are
    /// asked for the slots again, and another attempt follows.
    pub(super) async fn run(&self, commands: &[Command], deadline: Instant) -> RedisResult<Vec<Value>> {
        let mut answers = vec![Value::Nil; commands.len()];
        let first_attempt = |position| Pending {
            position,
            redirect: None,
        };
        let mut pending: Vec<_> = (0..commands.len()).map(first_attempt).collect();
        let mut may_retry = true;
        for _ in 0..=MAX_REDIRECTS {
            let lookup = self.topology.slots(|nodes| self.ask_for_slots(nodes, deadline));
            let slots = until(deadline, lookup).await?;
            self.connections.retain(|node| slots.nodes().any(|known| known == node));
            let groups = group(std::mem::take(&mut pending), commands, &slots)?;
            let attempts = groups.iter().map(|group| self.attempt(group, commands, deadline));
            let results = join_all(attempts).await;
            let mut failure = None;
            for (position, node, result) in results.into_iter().flatten() {
                let error = match result {
                    Ok(answer) => {
                        answers[position] = answer;
                        continue;
                    }
                    Err(error) => error,
                };
                let redirect = redirect(&error, node);
                if redirect.is_none() {
                    if !is_worth_a_retry(&error) {
                        return Err(error);
                    }
                    failure = Some(error);
                }
                pending.push(Pending { position, redirect });
            }
            if pending
                .iter()
                .any(|command| !matches!(command.redirect, Some(Redirect::Ask(_))))
            {
                self.topology.outdate(&slots);
            }
            match failure {
                Some(error) if !may_retry || Instant::now() >= deadline => return Err(error),
                Some(_) => may_retry = false,
                None if pending.is_empty() => return Ok(answers),
                None => {}
            }
        }
        Err(io::Error::other("too many redirects").into())
    }

    /// Sends commands to one node. Returns the result of each, with its position and the node.
    async fn attempt<'a>(
        &self,
        group: &'a Group,
        commands: &[Command],
        deadline: Instant,
    ) -> Vec<(usize, &'a Endpoint, RedisResult<Value>)> {
        let connection = self.connections.to(&group.node);
        let answers = until(deadline, async {
            let connection = connection.get_or_try_init(|| self.access.connect(&group.node)).await?;
            let commands = group.positions.iter().map(|position| &commands[*position]);
            let mut connection = connection.clone();
            if group.is_asking {
                send_asking(&mut connection, commands).await
            } else {
                send(&mut connection, commands).await
            }
        });
        let results: Vec<_> = match answers.await {
            Ok(answers) => answers.into_iter().map(Value::extract_error).collect(),
            Err(error) => group.positions.iter().map(|_| Err(error.clone())).collect(),
        };
        // Without an open connection, the node is the last one that is asked for the slots.
        if results
            .iter()
            .any(|result| result.as_ref().is_err_and(is_worth_a_retry))
        {
            self.connections.discard(&group.node, &connection);
        }
        let positions = group.positions.iter().zip(results);
        positions
            .map(|(position, result)| (*position, &group.node, result))
            .collect()
    }

    /// Asks one of `nodes` for the slots of the cluster: those with an open connection first.
    async fn ask_for_slots(&self, mut nodes: Vec<Endpoint>, deadline: Instant) -> RedisResult<Slots> {
        nodes.sort_by_key(|node| !self.connections.is_open(node));
        let mut failure: Option<RedisError> = None;
        for node in &nodes {
            let connection = self.connections.to(node);
            let limit = deadline.min(Instant::now() + LOOKUP_TIMEOUT);
            let answer = until(limit, async {
                let connection = connection.get_or_try_init(|| self.access.connect(node)).await?;
                cmd("CLUSTER").arg("SLOTS").query_async(&mut connection.clone()).await
            });
            match answer.await {
                Ok(answer) => match Slots::read(&answer, node) {
                    Some(slots) => return Ok(slots),
                    None => return Err((redis::ErrorKind::UnexpectedReturnType, "CLUSTER SLOTS").into()),
                },
                Err(error) => {
                    self.connections.discard(node, &connection);
                    // An error of the set-up says more than a node that is down.
                    if failure.as_ref().is_none_or(RedisError::is_io_error) {
                        failure = Some(error);
                    }
                }
            }
        }
        Err(failure.unwrap_or_else(|| io::Error::from(io::ErrorKind::NotFound).into()))
    }
}

/// Groups the commands by the node that they go to.
fn group(pending: Vec<Pending>, commands: &[Command], slots: &Slots) -> RedisResult<Vec<Group>> {
    let mut groups = HashMap::<(Endpoint, bool), Vec<usize>>::new();
    for Pending { position, redirect } in pending {
        let target = match redirect {
            Some(Redirect::Ask(to)) => (to, true),
            Some(Redirect::Moved(to)) => (to, false),
            None => {
                let node = slots.node(slots::slot(&commands[position].key));
                // Transient: the node that had the slot is down, and no other has taken over.
                let node = node.ok_or_else(|| io::Error::other("no node has the slot"))?;
                (node.clone(), false)
            }
        };
        groups.entry(target).or_default().push(position);
    }
    let group = |((node, is_asking), positions)| Group {
        node,
        is_asking,
        positions,
    };
    Ok(groups.into_iter().map(group).collect())
}
