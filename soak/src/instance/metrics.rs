//! The metrics that an instance reports, in the text format of Prometheus.

/// The samples of one report.
pub(crate) struct Metrics<'a>(&'a str);

impl<'a> Metrics<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self(text)
    }

    /// The sum of all samples of a metric that have these labels, or `None` without a sample.
    pub(crate) fn sum(&self, name: &str, labels: &[&str]) -> Option<f64> {
        let mut values = self.samples(name, labels).peekable();
        values.peek()?;
        Some(values.sum())
    }

    /// The upper bound of the bucket of a histogram that holds the quantile, or the value of a
    /// summary.
    pub(crate) fn quantile(&self, name: &str, quantile: f64) -> Option<f64> {
        let label = format!("quantile=\"{quantile}\"");
        let of_summary = self.samples(name, &[&label]).max_by(f64::total_cmp);
        if of_summary.is_some() {
            return of_summary;
        }
        let total = self.sum(&format!("{name}_count"), &[]).filter(|count| *count > 0.0)?;
        let mut buckets: Vec<(f64, f64)> = Vec::new();
        let bucket = format!("{name}_bucket");
        for line in self.0.lines().filter(|line| is_of(line, &bucket)) {
            let Some((bound, count)) = bound(line).zip(value(line)) else {
                continue;
            };
            match buckets.iter_mut().find(|(other, _)| other.total_cmp(&bound).is_eq()) {
                Some((_, sum)) => *sum += count,
                None => buckets.push((bound, count)),
            }
        }
        buckets.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let found = buckets.into_iter().find(|(_, count)| *count >= total * quantile);
        found.map(|(bound, _)| bound).filter(|bound| bound.is_finite())
    }

    fn samples<'l>(&'l self, name: &'l str, labels: &'l [&'l str]) -> impl Iterator<Item = f64> + 'l {
        let lines = self.0.lines().filter(move |line| is_of(line, name));
        lines
            .filter(move |line| labels.iter().all(|label| line.contains(label)))
            .filter_map(value)
    }
}

fn is_of(line: &str, name: &str) -> bool {
    let rest = line.strip_prefix(name);
    rest.is_some_and(|rest| rest.starts_with(['{', ' ']))
}

fn value(line: &str) -> Option<f64> {
    line.rsplit_once(' ')?.1.parse().ok()
}

fn bound(line: &str) -> Option<f64> {
    let (_, rest) = line.split_once("le=\"")?;
    rest.split_once('"')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP waits Waits.\n\
        waits{outcome=\"taken\"} 3\nwaits{outcome=\"result\"} 4\nwaits_other 100\n\
        latency_bucket{operation=\"refresh\",le=\"0.1\"} 90\nlatency_bucket{operation=\"refresh\",le=\"1\"} 99\n\
        latency_bucket{operation=\"refresh\",le=\"+Inf\"} 100\nlatency_count{operation=\"refresh\"} 100\n\
        summary{quantile=\"0.95\"} 0.25\n";

    #[test]
    fn samples_of_a_metric_are_added() {
        let metrics = Metrics::of(TEXT);
        assert_eq!(metrics.sum("waits", &[]), Some(7.0));
        assert_eq!(metrics.sum("waits", &["outcome=\"taken\""]), Some(3.0));
        assert_eq!(metrics.sum("absent", &[]), None);
    }

    #[test]
    fn a_quantile_comes_from_a_histogram_or_a_summary() {
        let metrics = Metrics::of(TEXT);
        assert_eq!(metrics.quantile("latency", 0.95), Some(1.0));
        assert_eq!(metrics.quantile("latency", 0.5), Some(0.1));
        assert_eq!(metrics.quantile("latency", 0.999), None);
        assert_eq!(metrics.quantile("summary", 0.95), Some(0.25));
    }
}
