//! The servers, and the events that make a replica take over.

use std::fmt;

use logto_testing::{RedisCluster, RedisSentinel, StoreServer};

use crate::{Failure, Outcome};

#[derive(Clone, Copy)]
pub(crate) enum Layout {
    Cluster,
    Sentinel,
    /// The primary refuses writes while it has no replica.
    SentinelAndMinReplicas,
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cluster => "cluster, one of three primaries",
            Self::Sentinel => "primary and replica, three sentinels",
            Self::SentinelAndMinReplicas => "the same, with `min-replicas-to-write 1`",
        })
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Event {
    Killed,
    Frozen,
    Replaced,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Killed => "is killed",
            Self::Frozen => "stops answering",
            Self::Replaced => "is replaced by an operator",
        })
    }
}

pub(crate) enum Servers {
    Cluster(RedisCluster),
    Sentinel(RedisSentinel),
}

impl Servers {
    /// Without files: the data is in the replica or it is lost.
    pub(crate) fn start(layout: Layout) -> Result<Self, Failure> {
        if let Layout::Cluster = layout {
            let cluster = RedisCluster::builder().replicas(1).in_memory();
            return Ok(Self::Cluster(cluster.start()?));
        }
        let redis = RedisSentinel::builder().in_memory().start()?;
        if let Layout::SentinelAndMinReplicas = layout {
            let primary = &redis.servers()[0];
            primary.command(&["CONFIG", "SET", "min-replicas-to-write", "1"])?;
        }
        Ok(Self::Sentinel(redis))
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Cluster(cluster) => cluster.url(),
            Self::Sentinel(redis) => redis.url(),
        }
    }

    pub(crate) fn cause(&mut self, event: Event) -> Outcome {
        match (self, event) {
            (Self::Sentinel(redis), Event::Replaced) => redis.fail_over()?,
            (Self::Cluster(cluster), Event::Replaced) => {
                cluster.nodes()[3].command(&["CLUSTER", "FAILOVER"])?;
            }
            (servers, Event::Killed) => servers.primary().kill(),
            (servers, Event::Frozen) => servers.primary().freeze(),
        }
        Ok(())
    }

    fn primary(&mut self) -> &mut StoreServer {
        match self {
            Self::Cluster(cluster) => &mut cluster.nodes_mut()[0],
            Self::Sentinel(redis) => &mut redis.servers_mut()[0],
        }
    }

    /// Whether the replica of the failed primary is a primary now. A replica that is being promoted
    /// closes its connections.
    pub(crate) fn have_failed_over(&self) -> bool {
        let replica = match self {
            Self::Cluster(cluster) => &cluster.nodes()[3],
            Self::Sentinel(redis) => &redis.servers()[1],
        };
        replica.command(&["ROLE"]).is_ok_and(|role| role.starts_with("master"))
    }
}
