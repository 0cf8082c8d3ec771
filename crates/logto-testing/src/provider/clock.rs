//! A clock that the test moves, or that runs.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;

/// A clock that stands still until the test moves it. Clones share the same time.
///
/// The default is a clock set to the current system time, so that a client with a real clock
/// accepts the provider's tokens. [`TestClock::running`] is for a provider that is used by people.
///
/// ```
/// use logto_testing::TestClock;
///
/// let clock = TestClock::at(1_700_000_000);
/// let shared = clock.clone();
/// clock.advance(3600);
/// assert_eq!(shared.now(), 1_700_003_600);
/// ```
#[derive(Clone, Debug)]
pub struct TestClock(Arc<watch::Sender<State>>);

#[derive(Debug)]
struct State {
    time: Time,
    /// The end time of each sleep, including the sleeps that have ended.
    sleeps: Vec<Duration>,
}

#[derive(Clone, Copy, Debug)]
enum Time {
    /// Stands still at this time since the Unix epoch.
    Still(Duration),
    /// Runs with the system's clock, ahead of it.
    Running { ahead: Duration },
}

impl State {
    fn at(time: Time) -> Self {
        let sleeps = Vec::new();
        Self { time, sleeps }
    }

    fn now(&self) -> Duration {
        match self.time {
            Time::Still(now) => now,
            Time::Running { ahead } => system_time() + ahead,
        }
    }

    /// The ends of the sleeps in progress that end within this many seconds.
    fn ends(&self, within: u64) -> impl Iterator<Item = Duration> {
        let now = self.now();
        let last = now.saturating_add(Duration::from_secs(within));
        self.sleeps.iter().copied().filter(move |&end| end > now && end <= last)
    }

    fn earliest_end(&self, within: u64) -> Option<Duration> {
        self.ends(within).min()
    }
}

fn system_time() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "the start of a clock that the test moves, or a clock that runs"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).expect("the system clock is after 1970")
}

impl TestClock {
    /// A clock set to `unix_seconds`.
    pub fn at(unix_seconds: u64) -> Self {
        Self::with_time(Time::Still(Duration::from_secs(unix_seconds)))
    }

    /// A clock that runs with the system's clock. [`advance`](Self::advance) sets it ahead, and
    /// [`set`](Self::set) stops it.
    pub fn running() -> Self {
        Self::with_time(Time::Running { ahead: Duration::ZERO })
    }

    fn with_time(time: Time) -> Self {
        Self(Arc::new(watch::Sender::new(State::at(time))))
    }

    /// The time in seconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.since_epoch().as_secs()
    }

    /// The time since the Unix epoch.
    pub fn since_epoch(&self) -> Duration {
        self.0.borrow().now()
    }

    /// Sets the time to `unix_seconds`, forwards or backwards.
    pub fn set(&self, unix_seconds: u64) {
        let time = Duration::from_secs(unix_seconds);
        self.0.send_modify(|state| state.time = Time::Still(time));
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance(&self, seconds: u64) {
        self.0.send_modify(|state| match &mut state.time {
            Time::Still(time) | Time::Running { ahead: time } => *time += Duration::from_secs(seconds),
        });
    }

    /// Waits until the test has moved the clock forward by `duration`. The passing of time does not
    /// end the sleep, even if the clock runs.
    pub async fn sleep(&self, duration: Duration) {
        let mut end = Duration::ZERO;
        self.0.send_modify(|state| {
            end = state.now() + duration;
            state.sleeps.push(end);
        });
        let _sleeping = Sleeping { clock: self, end };
        let _ = self.0.subscribe().wait_for(|state| state.now() >= end).await;
    }

    /// Waits until a task sleeps on this clock, and moves it to the end of the shortest sleep.
    pub async fn end_sleep(&self) {
        self.end_sleep_within(u64::MAX).await;
    }

    /// Like [`end_sleep`](Self::end_sleep), for a sleep that ends within `seconds`. Longer ones, such
    /// as a time limit of another task, are left alone.
    pub async fn end_sleep_within(&self, seconds: u64) {
        self.wait_for_sleeps_within(1, seconds).await;
        self.0.send_modify(|state| {
            if let Some(end) = state.earliest_end(seconds) {
                state.time = Time::Still(end);
            }
        });
    }

    /// Waits until at least this many tasks sleep on this clock, and their sleeps end within
    /// `seconds`.
    pub async fn wait_for_sleeps_within(&self, count: usize, seconds: u64) {
        let _ = self
            .0
            .subscribe()
            .wait_for(|state| state.ends(seconds).count() >= count)
            .await;
    }
}

/// A sleep in progress; dropping it removes it from the clock.
struct Sleeping<'a> {
    clock: &'a TestClock,
    end: Duration,
}

impl Drop for Sleeping<'_> {
    fn drop(&mut self) {
        self.clock.0.send_modify(|state| {
            let position = state.sleeps.iter().position(|&end| end == self.end);
            position.map(|position| state.sleeps.swap_remove(position));
        });
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::at(system_time().as_secs())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_sleep_ends_when_the_test_moves_the_clock() {
        let clock = TestClock::at(100);
        let mut sleep = Box::pin(clock.sleep(Duration::from_millis(1500)));
        assert!(sleep.as_mut().now_or_never().is_none());
        clock.advance(1);
        assert!(sleep.as_mut().now_or_never().is_none());
        clock.advance(1);
        assert!(sleep.now_or_never().is_some());
    }

    #[test]
    fn a_running_clock_follows_the_system_until_it_is_set() {
        let (before, clock) = (TestClock::default().now(), TestClock::running());
        clock.advance(3600);
        assert!((before + 3600..before + 3660).contains(&clock.now()));
        clock.set(100);
        clock.advance(5);
        assert_eq!(clock.now(), 105);
    }

    #[tokio::test]
    async fn end_sleep_waits_for_a_sleep_and_moves_the_clock_to_its_end() {
        let clock = TestClock::at(100);
        assert!(clock.end_sleep().now_or_never().is_none());
        let sleeps =
            futures_util::future::join(clock.sleep(Duration::from_secs(2)), clock.sleep(Duration::from_secs(5)));
        let ends = async {
            clock.end_sleep().await;
            assert_eq!(clock.now(), 102);
            clock.end_sleep().await;
            assert_eq!(clock.now(), 105);
        };
        futures_util::future::join(sleeps, ends).await;
        assert!(clock.end_sleep().now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_long_sleep_is_left_alone_while_a_short_one_is_awaited() {
        let clock = TestClock::at(100);
        let mut long = Box::pin(clock.sleep(Duration::from_secs(20)));
        assert!(long.as_mut().now_or_never().is_none());
        assert!(clock.end_sleep_within(2).now_or_never().is_none());
        let short = clock.sleep(Duration::from_secs(2));
        futures_util::future::join(short, clock.end_sleep_within(2)).await;
        assert_eq!(clock.now(), 102);
        assert!(long.now_or_never().is_none());
    }
}
