//! Metrics and spans of a run.

mod private;
mod recorded;
mod run;

use std::io;

use logto_testing::CapturedLogs;
use metrics::LocalRecorderGuard;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    fmt::{self, MakeWriter, format::FmtSpan},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Records metrics in this thread until it is dropped.
struct Recording<'a> {
    recorder: &'a PrometheusRecorder,
    _guard: LocalRecorderGuard<'a>,
}

/// Makes a recorder for [`Recording::of_this_thread`].
fn recorder() -> PrometheusRecorder {
    PrometheusBuilder::new()
        .set_buckets(&[0.1, 1.0])
        .unwrap()
        .build_recorder()
}

impl<'a> Recording<'a> {
    fn of_this_thread(recorder: &'a PrometheusRecorder) -> Self {
        Self {
            recorder,
            _guard: metrics::set_default_local_recorder(recorder),
        }
    }

    /// The text that Prometheus would read.
    fn text(&self) -> String {
        self.recorder.handle().render()
    }

    /// The value of a counter, or the number of observations of a histogram.
    #[track_caller]
    fn assert_value(&self, series: &str, expected: u64) {
        let text = self.text();
        let found = text
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        assert_eq!(found, Some(expected.to_string().as_str()), "{series}\n{text}");
    }
}

/// Captures the spans and events of the library's crates in this thread, down to `TRACE`. Other
/// crates, such as HTTP clients, log addresses by themselves.
fn capture() -> (CapturedLogs, DefaultGuard) {
    let captured = CapturedLogs::default();
    let writer = Writer(captured.clone());
    let targets = Targets::new()
        .with_target("logto", Level::TRACE)
        .with_target("logto_testing", LevelFilter::OFF);
    let lines = fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_writer(writer)
        .with_filter(targets);
    let guard = tracing_subscriber::registry().with(lines).set_default();
    (captured, guard)
}

#[derive(Clone)]
struct Writer(CapturedLogs);

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Box<dyn io::Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Box::new(self.0.clone())
    }
}
