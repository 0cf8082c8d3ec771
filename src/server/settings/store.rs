//! The kind of the session store, which the page about sessions shows.

/// Where sessions are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreKind {
    /// In encrypted cookies.
    #[default]
    Cookies,
    /// In the memory of this process.
    Memory,
    /// In Redis or Valkey.
    Redis,
    /// In PostgreSQL.
    Postgres,
}

impl StoreKind {
    /// Returns the kind of the store with this address. The rest of the address may be secret.
    pub(super) fn of(address: &str) -> Self {
        match address.trim().split(':').next() {
            Some("memory") => Self::Memory,
            // Also `rediss://`, `redis-cluster://`, `redis-sentinel://` and so on.
            Some(scheme) if scheme.starts_with("redis") => Self::Redis,
            Some("postgres" | "postgresql") => Self::Postgres,
            _ => Self::Cookies,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_of_the_address_tells_the_kind() {
        for (address, kind) in [
            ("", StoreKind::Cookies),
            (" memory:50000", StoreKind::Memory),
            ("redis://127.0.0.1", StoreKind::Redis),
            ("rediss://user:secret@host", StoreKind::Redis),
            ("redis-cluster://host1,host2", StoreKind::Redis),
            ("rediss-sentinel://host1,host2/mymaster", StoreKind::Redis),
            ("postgres://user@127.0.0.1/app", StoreKind::Postgres),
            ("postgresql://host", StoreKind::Postgres),
        ] {
            assert_eq!(StoreKind::of(address), kind, "{address}");
        }
    }
}
