//! The connection string of Redis: one server, a cluster, or servers that Sentinel watches.

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisConnectionInfo};
use url::{Url, form_urlencoded};

use crate::session::store::StoreAddressError;

/// The name of this store in errors.
pub(super) const NAME: &str = "redis";

/// The port of a sentinel, where the address names none.
const SENTINEL_PORT: u16 = 26_379;

/// A host and a port, as a connection string or a server names them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
}

/// A parsed connection string. It has no `Debug`, because it contains passwords.
pub(super) struct Address {
    pub(super) servers: Servers,
    pub(super) encrypted: bool,
    /// User, password and database.
    pub(super) settings: RedisConnectionInfo,
}

pub(super) enum Servers {
    One(Endpoint),
    /// Some nodes of a cluster, which know the others.
    Cluster(Vec<Endpoint>),
    Sentinel {
        sentinels: Vec<Endpoint>,
        /// The name of the primary, such as `mymaster`.
        primary: String,
        /// User and password at the sentinels.
        settings: RedisConnectionInfo,
    },
}

impl Address {
    /// Parses `<scheme>://[user:password@]host[:port][,host[:port]…][/path][?parameters]`.
    pub(super) fn parse(address: &str) -> Result<Self, StoreAddressError> {
        let (scheme, rest) = address.split_once("://").ok_or(StoreAddressError::Invalid(NAME))?;
        // Other clients accept a fragment such as `#insecure`, which disables the certificate check.
        if rest.contains('#') {
            return Err(StoreAddressError::Invalid(NAME));
        }
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let path = path.trim_end_matches('/');
        let scheme = scheme.to_ascii_lowercase().replace('+', "-");
        let (encrypted, kind) = match scheme.strip_prefix("rediss") {
            Some(kind) => (true, kind),
            None => (false, scheme.strip_prefix("redis").unwrap_or(&scheme)),
        };
        if kind != "-sentinel" && !parameters.is_empty() {
            return Err(StoreAddressError::RedisParameter);
        }
        let (servers, database) = match kind {
            "" if hosts.contains(',') => return Err(StoreAddressError::SeveralServers),
            "" => (Servers::One(endpoint(hosts, None)?), path),
            "-cluster" if !matches!(path, "" | "0") => return Err(StoreAddressError::ClusterDatabase),
            "-cluster" => (Servers::Cluster(endpoints(hosts, None)?), ""),
            "-sentinel" => {
                let (primary, database) = path.split_once('/').unwrap_or((path, ""));
                (sentinel(hosts, primary, parameters)?, database)
            }
            _ => return Err(StoreAddressError::UnknownScheme),
        };
        Ok(Self {
            servers,
            encrypted,
            settings: settings(credentials, database)?,
        })
    }
}

fn sentinel(hosts: &str, primary: &str, parameters: &str) -> Result<Servers, StoreAddressError> {
    if primary.is_empty() {
        return Err(StoreAddressError::PrimaryNameMissing);
    }
    let mut settings = RedisConnectionInfo::default();
    for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
        settings = match &*name {
            "sentinel_username" => settings.set_username(value),
            "sentinel_password" => settings.set_password(value),
            _ => return Err(StoreAddressError::RedisParameter),
        };
    }
    Ok(Servers::Sentinel {
        sentinels: endpoints(hosts, Some(SENTINEL_PORT))?,
        primary: primary.to_owned(),
        settings,
    })
}

fn endpoints(hosts: &str, port: Option<u16>) -> Result<Vec<Endpoint>, StoreAddressError> {
    hosts.split(',').map(|host| endpoint(host, port)).collect()
}

/// Parses a host with or without a port. The default is `port`, or the library's.
fn endpoint(host: &str, port: Option<u16>) -> Result<Endpoint, StoreAddressError> {
    let url = format!("{NAME}://{host}");
    let given = Url::parse(&url).ok().and_then(|url| url.port());
    match info(&url)?.addr() {
        ConnectionAddr::Tcp(host, default) if !host.is_empty() => Ok(Endpoint {
            host: host.clone(),
            port: given.or(port).unwrap_or(*default),
        }),
        _ => Err(StoreAddressError::Invalid(NAME)),
    }
}

fn settings(credentials: &str, database: &str) -> Result<RedisConnectionInfo, StoreAddressError> {
    // The library decodes user and password. The host does not matter.
    let info = info(&format!("{NAME}://{credentials}@localhost/{database}"))?;
    Ok(info.redis_settings().clone())
}

fn info(url: &str) -> Result<ConnectionInfo, StoreAddressError> {
    url.into_connection_info().map_err(|_| StoreAddressError::Invalid(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str, port: u16) -> Endpoint {
        Endpoint {
            host: host.to_owned(),
            port,
        }
    }

    fn login(settings: &RedisConnectionInfo) -> (Option<&str>, Option<&str>, i64) {
        (settings.username(), settings.password(), settings.db())
    }

    #[test]
    fn parses_one_server() {
        let address = Address::parse("rediss://us%40er:p%2Fss@redis.example.com:6380/3").unwrap();
        assert!(address.encrypted);
        assert!(matches!(address.servers, Servers::One(server) if server == at("redis.example.com", 6380)));
        assert_eq!(login(&address.settings), (Some("us@er"), Some("p/ss"), 3));
        let address = Address::parse("redis://[::1]").unwrap();
        assert!(!address.encrypted);
        assert!(matches!(address.servers, Servers::One(server) if server == at("::1", 6379)));
        assert_eq!(login(&address.settings), (None, None, 0));
    }

    #[test]
    fn parses_a_cluster() {
        for address in [
            "redis-cluster://user:word@one:7000,[::1]:7001,two",
            "redis+cluster://user:word@one:7000,[::1]:7001,two/0",
        ] {
            let address = Address::parse(address).unwrap();
            let Servers::Cluster(nodes) = &address.servers else {
                panic!("a cluster");
            };
            assert_eq!(nodes, &[at("one", 7000), at("::1", 7001), at("two", 6379)]);
            assert_eq!(login(&address.settings), (Some("user"), Some("word"), 0));
            assert!(!address.encrypted);
        }
        assert!(Address::parse("rediss-cluster://one").unwrap().encrypted);
    }

    #[test]
    fn parses_servers_that_sentinel_watches() {
        let address =
            "rediss+sentinel://:word@one,two:5000/mymaster/2?sentinel_username=eye&sentinel_password=a%2Bb%26c";
        let address = Address::parse(address).unwrap();
        let Servers::Sentinel {
            sentinels,
            primary,
            settings,
        } = &address.servers
        else {
            panic!("sentinels");
        };
        assert_eq!(sentinels, &[at("one", 26379), at("two", 5000)]);
        assert_eq!(primary, "mymaster");
        assert_eq!(login(settings), (Some("eye"), Some("a+b&c"), 0));
        assert_eq!(login(&address.settings), (None, Some("word"), 2));
        assert!(address.encrypted);
        let address = Address::parse("redis-sentinel://one/mymaster").unwrap();
        assert_eq!(login(&address.settings), (None, None, 0));
    }

    #[test]
    fn rejects_an_address_and_says_why() {
        let invalid = StoreAddressError::Invalid(NAME);
        for (address, expected) in [
            ("redis://one,two", StoreAddressError::SeveralServers),
            ("redis-cluster://one,two/1", StoreAddressError::ClusterDatabase),
            ("redis-sentinel://one,two", StoreAddressError::PrimaryNameMissing),
            ("redis-sentinel://one,two//1", StoreAddressError::PrimaryNameMissing),
            (
                "redis-sentinel://one/m?password=p4ss",
                StoreAddressError::RedisParameter,
            ),
            ("redis://one?protocol=resp3", StoreAddressError::RedisParameter),
            ("redis-replica://one", StoreAddressError::UnknownScheme),
            ("unix:///run/redis.sock", StoreAddressError::UnknownScheme),
            ("redis-sentinel://one/m/database", invalid),
            ("redis-cluster://one,,two", invalid),
            ("redis-cluster://one,two:port", invalid),
            ("redis-cluster://", invalid),
            ("redis://:6379", invalid),
            ("rediss-cluster://one#insecure", invalid),
            ("redis", invalid),
        ] {
            assert_eq!(Address::parse(address).map(drop).unwrap_err(), expected, "{address}");
        }
    }
}
