//! How often an operation waits for the network.

use logto::session::store::PostgresStore;

use super::{APP, operations::Operation, schema};
use crate::recorder::{Recorder, RoundTrip};

pub(super) const TIMES: usize = 5;

/// The round trips of an operation that was repeated [`TIMES`] times, with those that follow when
/// its connection returns to the pool.
pub(super) async fn round_trips_of(operation: Operation, store: &PostgresStore, recorder: &Recorder) -> Vec<RoundTrip> {
    // Checks the tables. The pool may open a second connection before the first one has returned.
    operation.run(store).await;
    let before = recorder.round_trips().len();
    for _ in 0..TIMES {
        operation.run(store).await;
    }
    recorder.wait_for(before + 2 * TIMES).await;
    recorder.round_trips().split_off(before)
}

#[tokio::test]
async fn each_operation_takes_one_round_trip() {
    for (parameter, expected) in [("", "BECS"), ("&statement-cache-capacity=0", "Q")] {
        for operation in Operation::ALL {
            let address = schema().await.1 + parameter;
            let recorder = Recorder::to(&address).await;
            let store = PostgresStore::new(&recorder.address(&address), APP).unwrap();
            let all = round_trips_of(operation, &store, &recorder).await;
            // Once for each connection.
            let (preparations, others): (Vec<_>, Vec<_>) = all.into_iter().partition(RoundTrip::prepares);
            // sqlx sends one when a connection returns to the pool. The first may be that of the
            // operation before, the last one may be on its way.
            let (pings, queries): (Vec<_>, Vec<_>) = others.into_iter().partition(RoundTrip::is_ping);
            assert_eq!(queries.len(), TIMES, "{operation:?}: {queries:?}");
            for query in &queries {
                assert_eq!(query.messages, expected, "{operation:?}");
            }
            assert!(pings.len() <= TIMES + 1, "{operation:?}: {} pings", pings.len());
            assert!(preparations.len() < TIMES, "{operation:?}: {preparations:?}");
        }
    }
}
