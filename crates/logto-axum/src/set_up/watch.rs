//! Repeats the self-check until the provider has answered, and logs the findings.

use std::time::Duration;

use logto::Diagnose as _;
use tokio::runtime::Handle;

use crate::{
    logto::Logto,
    set_up::{finding::SetUpFinding, flight::Report},
    stderr::print_without_subscriber,
};

/// Pause after the first check.
const MIN_PAUSE: Duration = Duration::from_secs(5);

/// Maximum pause while sign-in fails.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Maximum pause while the provider does not answer whether it knows a redirect URI. Sign-in may
/// work nevertheless.
const MAX_PAUSE_UNDECIDED: Duration = Duration::from_secs(3600);

impl Logto {
    /// Checks the set-up and logs each finding once, until the provider has answered all questions.
    /// Spawn it at start: the app serves in the meantime, and requests do not wait for it.
    ///
    /// ```no_run
    /// # fn example(logto: &logto_axum::Logto) {
    /// tokio::spawn(logto.clone().watch_set_up());
    /// # }
    /// ```
    // The check is noted before the future is polled, because the first request may come earlier.
    pub fn watch_set_up(self) -> impl Future<Output = ()> + Send + 'static {
        self.shared.findings.note_check();
        self.watch()
    }

    async fn watch(self) {
        let paths = self.shared.web.paths();
        for address in self.shared.sites.addresses() {
            tracing::info!(
                redirect_uri = address.absolute(&paths.callback),
                post_sign_out_redirect_uri = address.absolute(&paths.after_sign_out),
                backchannel_logout_uri = address.absolute(&paths.backchannel_logout),
                "addresses to register in the Logto console; only one of the back-channel logout URIs"
            );
        }
        let mut log = FindingLog::default();
        let clock = self.client().clock();
        let mut pause = MIN_PAUSE;
        while let Some(longest) = log.report(self.check().await) {
            clock.sleep(pause.min(longest)).await;
            pause = longest.min(pause * 2);
        }
    }
}

impl Logto {
    /// Spawns [`Logto::watch_set_up`], once. Does nothing outside a tokio runtime.
    pub(crate) fn start_set_up_watch(&self) {
        if !self.shared.set_up_watch.is_completed()
            && let Ok(runtime) = Handle::try_current()
        {
            let watch = || drop(runtime.spawn(self.clone().watch_set_up()));
            self.shared.set_up_watch.call_once(watch);
        }
    }
}

/// The findings that were logged.
#[derive(Default)]
struct FindingLog {
    findings: Vec<SetUpFinding>,
    /// Whether the provider was unavailable at the last check.
    provider_is_down: bool,
}

impl FindingLog {
    /// Logs new findings. Returns the longest pause before the next check; `None` if no further
    /// check is needed, because the provider has answered all questions.
    fn report(&mut self, report: Report) -> Option<Duration> {
        let was_down = self.provider_is_down;
        self.provider_is_down = report
            .findings
            .iter()
            .any(|finding| matches!(finding, SetUpFinding::Provider(_)));
        for finding in report.findings {
            // The reason may change between checks, but it is the same outage.
            let is_known = was_down && matches!(finding, SetUpFinding::Provider(_));
            if !is_known && !self.findings.contains(&finding) {
                tracing::warn!(code = finding.code(), "{finding}");
                print_without_subscriber(&finding);
                self.findings.push(finding);
            }
        }
        if was_down && !self.provider_is_down {
            tracing::info!(code = "provider_is_back", "the provider is available again");
        }
        if self.provider_is_down {
            Some(MAX_PAUSE)
        } else {
            report.is_undecided.then_some(MAX_PAUSE_UNDECIDED)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use logto::RequestError;
    use tracing::{Event, Level, Metadata, Subscriber, span};

    use super::*;

    /// The levels of the events that were logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<Level>>>);

    impl Subscriber for Log {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            *metadata.level() <= Level::INFO
        }
        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }
        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
        fn event(&self, event: &Event<'_>) {
            self.0.lock().unwrap().push(*event.metadata().level());
        }
        fn enter(&self, _: &span::Id) {}
        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn an_outage_of_the_provider_is_logged_once_and_its_end_once() {
        let log = Log::default();
        let unreachable = || SetUpFinding::Provider(RequestError::Unreachable.into());
        let timed_out = || SetUpFinding::Provider(RequestError::TimedOut.into());
        let looks_again = tracing::subscriber::with_default(log.clone(), || {
            let mut logged = FindingLog::default();
            let rounds = [vec![unreachable()], vec![timed_out()], vec![unreachable()], vec![]];
            rounds.map(|findings| {
                let report = Report {
                    findings,
                    is_undecided: false,
                };
                logged.report(report).is_some()
            })
        });
        assert_eq!(looks_again, [true, true, true, false]);
        assert_eq!(*log.0.lock().unwrap(), [Level::WARN, Level::INFO]);
    }
}
