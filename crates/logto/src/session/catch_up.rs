//! Retries of what a store or the provider must not miss because it was down for a moment.

use std::{future::Future, sync::Arc, time::Duration};

use super::store::StoreError;
use crate::{clock::Clock, error::Diagnose as _};

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Shorter than the time for which a session is remembered without being used.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A store that has been down for a day will not bring the sessions back either.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Tries until the store answers, in a task of its own.
pub(super) fn until_done<F>(clock: Arc<dyn Clock>, attempt: impl Fn() -> F + Send + 'static)
where
    F: Future<Output = Result<(), StoreError>> + Send,
{
    tokio::spawn(async move {
        for pause in pauses() {
            clock.sleep(pause).await;
            if !matches!(attempt().await, Err(error) if error.is_transient()) {
                return;
            }
        }
    });
}

/// The pauses between two tries: twice as long each time, for a day.
pub(crate) fn pauses() -> impl Iterator<Item = Duration> {
    let doubled = |pause: &Duration| Some((*pause * 2).min(LONGEST_PAUSE));
    let mut waited = Duration::ZERO;
    std::iter::successors(Some(SHORTEST_PAUSE), doubled).take_while(move |pause| {
        waited += *pause;
        waited <= LONGEST
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_double_up_to_half_a_minute_and_end_after_a_day() {
        let all: Vec<_> = pauses().map(|pause| pause.as_secs()).collect();
        assert_eq!(all[..7], [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(all.iter().sum::<u64>(), 24 * 60 * 60 - 29);
    }
}
