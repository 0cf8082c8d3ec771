//! Unused ports of 127.0.0.1.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

use crate::random;

/// Ports of nodes of a cluster. They and the ports of the cluster's bus are below those that Linux
/// gives to clients, so that a connection of another program does not take one.
const CLUSTER_PORTS: Range<u16> = 10_000..22_000;

/// How far the port of the cluster's bus is above that of a node, unless a setting says otherwise.
const BUS: u16 = 10_000;

/// How many ports are tried.
const ATTEMPTS: usize = 100;

pub(super) fn unused() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A port for a node of a cluster. The port of its bus is unused too.
pub(super) fn unused_in_cluster() -> io::Result<u16> {
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let port = CLUSTER_PORTS.start + random::number() % (CLUSTER_PORTS.end - CLUSTER_PORTS.start);
        let bound = [port, port + BUS].map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
        match bound.into_iter().collect::<io::Result<Vec<_>>>() {
            Ok(_) => return Ok(port),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}
