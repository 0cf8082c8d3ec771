//! Redis with TLS and a user with as few rights as docs/stores.md says, as one server, as a
//! cluster, and behind Sentinel.

use std::sync::Arc;

use logto::{
    TrustedCertificates,
    session::store::{Saved, SessionStore, StoreError, open, open_with_certificates},
};
use logto_testing::{RedisCluster, RedisSentinel, StoreKind, StoreServer, StoreTls};

use crate::{
    certificates,
    suite::{self, NOW, id, session},
};

const DOCS: &str = include_str!("../../../../docs/stores.md");

/// The rights of the app's user, and further ones.
const RIGHTS: &str = "~app-id:* resetchannels -@all +hmget +eval +del +zrange +hget +hset +expire +zadd \
                      +zremrangebyscore +ttl";
const IN_A_CLUSTER: &str = "+cluster|slots +asking";
const BEHIND_SENTINEL: &str = "+role";
const AT_A_SENTINEL: &str = "+sentinel|get-master-addr-by-name";
const IN_ANOTHER_DATABASE: &str = "+select";

const APP: &str = "app-id";
const LOGIN: &str = "logto:p4ss@";

fn add_user(server: &StoreServer, rights: &[&str]) {
    let rights = rights.iter().flat_map(|rights| rights.split(' '));
    let command: Vec<_> = ["ACL", "SETUSER", "logto", "reset", "on", ">p4ss"]
        .into_iter()
        .chain(rights)
        .collect();
    server.command(&command).unwrap();
}

fn with_login(url: &str, login: &str) -> String {
    url.replace("://", &format!("://{login}"))
}

fn store(url: &str, app: &str, tls: &StoreTls) -> Arc<dyn SessionStore> {
    let trusted = TrustedCertificates::from_pem(tls.authority.as_str()).unwrap();
    open_with_certificates(url, app, &trusted).unwrap()
}

/// Only the right certificate, user and app id have access.
async fn others_are_rejected(url: &str, tls: &StoreTls) {
    let load = async |store: Arc<dyn SessionStore>| store.load(&id(), NOW).await;
    let unavailable = Err(StoreError::Unavailable("redis"));
    let unexpected = Err(StoreError::Unexpected("redis"));
    let address = with_login(url, LOGIN);
    assert_eq!(load(store(&address, APP, tls)).await, Ok(None));
    assert_eq!(
        load(open(&address, APP).unwrap()).await,
        unavailable,
        "an unknown authority"
    );
    let plain = address.replace("rediss", "redis");
    assert_eq!(load(open(&plain, APP).unwrap()).await, unavailable, "no encryption");
    assert_eq!(load(store(&address, "other", tls)).await, unexpected, "another app");
    let wrong = with_login(url, "logto:wrong@");
    assert_eq!(load(store(&wrong, APP, tls)).await, unexpected, "a wrong password");
}

#[test]
fn the_documentation_names_the_rights() {
    let docs = DOCS.split_whitespace().collect::<Vec<_>>().join(" ");
    for rights in [
        RIGHTS,
        IN_A_CLUSTER,
        BEHIND_SENTINEL,
        AT_A_SENTINEL,
        IN_ANOTHER_DATABASE,
    ] {
        assert!(docs.contains(rights), "{rights}");
    }
}

#[tokio::test]
async fn the_documented_rights_suffice_for_one_server() {
    let tls = certificates::for_this_machine();
    let server = StoreServer::builder(StoreKind::Redis).in_memory().tls(tls.clone());
    let server = server.start().unwrap();
    add_user(&server, &[RIGHTS]);
    let address = with_login(&server.url(), LOGIN);
    let with_rights = store(&address, APP, &tls);
    suite::behaviours!(together & *with_rights);
    others_are_rejected(&server.url(), &tls).await;

    add_user(&server, &[RIGHTS, IN_ANOTHER_DATABASE]);
    let other_database = store(&format!("{address}/3"), APP, &tls);
    assert_eq!(other_database.save(&id(), None, session(1), NOW).await, Ok(Saved::Done));
}

#[tokio::test]
async fn the_documented_rights_suffice_for_a_cluster() {
    let tls = certificates::for_this_machine();
    let cluster = RedisCluster::builder().in_memory().tls(tls.clone()).start().unwrap();
    for node in cluster.nodes() {
        add_user(node, &[RIGHTS, IN_A_CLUSTER]);
    }
    let with_rights = store(&with_login(&cluster.url(), LOGIN), APP, &tls);
    suite::behaviours!(together & *with_rights);
    others_are_rejected(&cluster.url(), &tls).await;
}

#[tokio::test]
async fn the_documented_rights_suffice_behind_sentinel() {
    let tls = certificates::for_this_machine();
    let redis = RedisSentinel::builder().in_memory().tls(tls.clone()).start().unwrap();
    for server in redis.servers() {
        add_user(server, &[RIGHTS, BEHIND_SENTINEL]);
    }
    for sentinel in redis.sentinels() {
        add_user(sentinel, &["-@all", AT_A_SENTINEL]);
        sentinel.command(&["ACL", "SETUSER", "default", "off"]).unwrap();
    }
    let url = format!("{}?sentinel_username=logto&sentinel_password=p4ss", redis.url());
    let with_rights = store(&with_login(&url, LOGIN), APP, &tls);
    suite::behaviours!(together & *with_rights);
    others_are_rejected(&url, &tls).await;
    let no_login_at_sentinels = store(&with_login(&redis.url(), LOGIN), APP, &tls);
    assert_eq!(
        no_login_at_sentinels.load(&id(), NOW).await,
        Err(StoreError::Unexpected("redis"))
    );
}
