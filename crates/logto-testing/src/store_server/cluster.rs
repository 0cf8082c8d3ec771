//! A cluster of Redis.

use super::{
    error::{StoreServerError, io},
    programs::{FAILOVER_AFTER_MS, Program, RedisSettings},
    server::StoreServer,
    tls::StoreTls,
    wait::until_ready,
};

/// Number of primaries, each with a third of the slots.
const PRIMARIES: usize = 3;

/// Number of slots of a cluster.
const SLOTS: usize = 16_384;

/// A cluster of three Redis primaries, with or without replicas, on unused ports of 127.0.0.1.
///
/// A primary that is down for a second is replaced by its replica. Dropping this value kills the
/// servers and removes their data.
///
/// ```no_run
/// # fn main() -> Result<(), logto_testing::StoreServerError> {
/// use logto_testing::RedisCluster;
///
/// let mut cluster = RedisCluster::builder().replicas(1).start()?;
/// let url = cluster.url(); // redis-cluster://127.0.0.1:10001,127.0.0.1:10002,…
/// cluster.nodes_mut()[0].kill();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the servers are killed when this value is dropped"]
pub struct RedisCluster {
    nodes: Vec<StoreServer>,
    has_tls: bool,
}

/// Configures a [`RedisCluster`].
#[derive(Clone, Debug, Default)]
#[must_use = "the servers are not running until `start` is called"]
pub struct RedisClusterBuilder {
    replicas: usize,
    redis: RedisSettings,
}

impl RedisClusterBuilder {
    /// Adds replicas to each primary.
    pub fn replicas(mut self, of_each: usize) -> Self {
        self.replicas = of_each;
        self
    }

    /// Turns off the append-only files: the nodes are faster, and a killed one loses its data.
    pub fn in_memory(mut self) -> Self {
        self.redis.in_memory = true;
        self
    }

    /// Encrypts connections, also those between the nodes.
    pub fn tls(mut self, tls: StoreTls) -> Self {
        self.redis.tls = Some(tls);
        self
    }

    /// Starts the nodes and waits until each knows the slots of all.
    ///
    /// # Errors
    ///
    /// If a program is missing, a server does not accept connections, or they do not find each
    /// other within 30 seconds.
    pub fn start(mut self) -> Result<RedisCluster, StoreServerError> {
        let timeout = FAILOVER_AFTER_MS.to_string();
        let settings = [
            ["cluster-enabled", "yes"],
            ["cluster-node-timeout", &timeout],
            ["repl-diskless-sync-delay", "0"],
        ];
        let has_tls = self.redis.tls.is_some();
        let encryption = has_tls.then_some(["tls-cluster", "yes"]);
        let settings = settings.into_iter().chain(encryption);
        self.redis.further = settings.map(|setting| setting.map(str::to_owned)).collect();
        let count = PRIMARIES * (1 + self.replicas);
        let node = |_| StoreServer::start_node(Program::Redis(self.redis.clone()));
        let nodes = (0..count).map(node).collect::<Result<_, _>>()?;
        let cluster = RedisCluster { nodes, has_tls };
        cluster.join().map_err(io("joining the nodes of the cluster"))?;
        until_ready("the nodes of the cluster", || cluster.know_each_other())?;
        cluster.replicate().map_err(io("joining the replicas"))?;
        until_ready("the nodes of the cluster", || cluster.is_complete())?;
        Ok(cluster)
    }
}

impl RedisCluster {
    /// Configures a cluster before it starts.
    pub fn builder() -> RedisClusterBuilder {
        RedisClusterBuilder::default()
    }

    /// The connection string. It names all nodes.
    pub fn url(&self) -> String {
        let scheme = if self.has_tls {
            "rediss-cluster"
        } else {
            "redis-cluster"
        };
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .map(|node| format!("127.0.0.1:{}", node.port()))
            .collect();
        format!("{scheme}://{}", nodes.join(","))
    }

    /// The nodes: first the three primaries, in the order of their slots, then the replicas.
    pub fn nodes(&self) -> &[StoreServer] {
        &self.nodes
    }

    /// The nodes, to kill or restart one.
    pub fn nodes_mut(&mut self) -> &mut [StoreServer] {
        &mut self.nodes
    }

    fn join(&self) -> std::io::Result<()> {
        for (number, node) in self.nodes.iter().enumerate() {
            if number < PRIMARIES {
                let slots = SLOTS * number / PRIMARIES..SLOTS * (number + 1) / PRIMARIES;
                let slots: Vec<_> = slots.map(|slot| slot.to_string()).collect();
                let mut command = vec!["CLUSTER", "ADDSLOTS"];
                command.extend(slots.iter().map(String::as_str));
                node.command(&command)?;
            }
            node.command(&["CLUSTER", "SET-CONFIG-EPOCH", &(number + 1).to_string()])?;
        }
        for (number, node) in self.nodes.iter().enumerate() {
            for other in &self.nodes[..number] {
                node.command(&["CLUSTER", "MEET", "127.0.0.1", &other.port().to_string()])?;
            }
        }
        Ok(())
    }

    fn know_each_other(&self) -> Result<(), String> {
        let known = format!("cluster_known_nodes:{}", self.nodes.len());
        let size = format!("cluster_size:{PRIMARIES}");
        self.nodes.iter().try_for_each(|node| {
            let info = node.command(&["CLUSTER", "INFO"]).map_err(|error| error.to_string())?;
            let nodes = node.command(&["CLUSTER", "NODES"]).map_err(|error| error.to_string())?;
            let is_ready = info.contains(&known) && info.contains(&size) && !nodes.contains("handshake");
            if is_ready { Ok(()) } else { Err(nodes) }
        })
    }

    fn replicate(&self) -> std::io::Result<()> {
        for (number, replica) in self.nodes.iter().enumerate().skip(PRIMARIES) {
            let primary = self.nodes[number % PRIMARIES].command(&["CLUSTER", "MYID"])?;
            replica.command(&["CLUSTER", "REPLICATE", &primary])?;
        }
        Ok(())
    }

    fn is_complete(&self) -> Result<(), String> {
        let replicas = self.nodes.len() - PRIMARIES;
        self.nodes.iter().enumerate().try_for_each(|(number, node)| {
            let ask = |command: &[&str]| node.command(command).map_err(|error| error.to_string());
            let state = ask(&["CLUSTER", "INFO"])?;
            let nodes = ask(&["CLUSTER", "NODES"])?;
            let replication = ask(&["INFO", "replication"])?;
            let is_connected = if number < PRIMARIES {
                // Until then the primary only collects what it has to send.
                replication.matches("state=online").count() == replicas / PRIMARIES
            } else {
                replication.contains("master_link_status:up")
            };
            let known_replicas = nodes.lines().filter(|line| line.contains("slave")).count();
            let is_ready = state.contains("cluster_state:ok") && is_connected && known_replicas == replicas;
            if is_ready {
                Ok(())
            } else {
                Err(format!("{state}\n{nodes}\n{replication}"))
            }
        })
    }
}
