//! The network between visitors, instances, store and provider.

mod balancer;
mod fault_proxy;
mod trouble;

pub(crate) use self::{balancer::Balancer, fault_proxy::FaultProxy, trouble::Trouble};

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

/// An address with an unused port.
pub(crate) fn unused_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
