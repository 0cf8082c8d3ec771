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

    /// The cumulative counts of a histogram by their upper bounds, in order, of all series that have
    /// these labels.
    pub(crate) fn buckets(&self, name: &str, labels: &[&str]) -> Vec<(f64, f64)> {
        let name = format!("{name}_bucket");
        let mut buckets: Vec<(f64, f64)> = Vec::new();
        for line in self.lines(&name, labels) {
            let Some((bound, count)) = bound(line).zip(value(line)) else {
                continue;
            };
            match buckets.iter_mut().find(|(other, _)| other.total_cmp(&bound).is_eq()) {
                Some((_, sum)) => *sum += count,
                None => buckets.push((bound, count)),
            }
        }
        buckets.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        buckets
    }

    fn samples<'l>(&'l self, name: &'l str, labels: &'l [&'l str]) -> impl Iterator<Item = f64> + 'l {
        self.lines(name, labels).filter_map(value)
    }

    fn lines<'l>(&'l self, name: &'l str, labels: &'l [&'l str]) -> impl Iterator<Item = &'a str> + 'l {
        let lines = self.0.lines().filter(move |line| is_of(line, name));
        lines.filter(move |line| labels.iter().all(|label| line.contains(label)))
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
        latency_bucket{endpoint=\"token\",le=\"1\"} 99\nlatency_bucket{endpoint=\"token\",le=\"0.1\"} 90\n\
        latency_bucket{endpoint=\"token\",le=\"+Inf\"} 100\nlatency_count{endpoint=\"token\"} 100\n\
        latency_bucket{endpoint=\"jwks\",le=\"0.1\"} 1\n";

    #[test]
    fn samples_of_a_metric_are_added() {
        let metrics = Metrics::of(TEXT);
        assert_eq!(metrics.sum("waits", &[]), Some(7.0));
        assert_eq!(metrics.sum("waits", &["outcome=\"taken\""]), Some(3.0));
        assert_eq!(metrics.sum("absent", &[]), None);
    }

    #[test]
    fn the_buckets_of_a_histogram_are_added_and_sorted() {
        let metrics = Metrics::of(TEXT);
        let token = [(0.1, 90.0), (1.0, 99.0), (f64::INFINITY, 100.0)];
        assert_eq!(metrics.buckets("latency", &["endpoint=\"token\""]), token);
        assert_eq!(metrics.buckets("latency", &[])[0], (0.1, 91.0));
        assert_eq!(metrics.buckets("absent", &[]), []);
    }
}
