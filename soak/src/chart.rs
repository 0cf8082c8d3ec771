//! Draws one run as SVG: a panel for each series, and the faults as marks behind them.

use std::fmt::Write as _;

use crate::{
    journal::{Content, FaultKind, FaultWindow},
    series::{Series, series},
};

const WIDTH: f64 = 900.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 44.0;
const PANEL: f64 = 84.0;
const GAP: f64 = 16.0;

const STYLE: &str = "text { font: 13px system-ui, sans-serif; fill: #1f2328 } .tick { fill: #6e7781; font-size: 11px }
  .line { fill: none; stroke: #5d34f2; stroke-width: 1.4 } .axis { stroke: #8886 }
  .instance { fill: #9a86ff } .store { fill: #e5702a } .provider { fill: #2a8fe5 } .network { fill: #8c959f }
  .fault { opacity: 0.28 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .tick { fill: #9198a1 } .line { stroke: #8a6cff } }";

/// The groups of faults: class, and text of the legend.
const GROUPS: [(&str, &str); 4] = [
    ("instance", "instance killed or restarted"),
    ("store", "store restarted"),
    ("provider", "provider slow, down, new key"),
    ("network", "network"),
];

pub(crate) fn svg(title: &str, content: &Content) -> String {
    let panels = series(content);
    let seconds = content.seconds.len().max(1);
    let bottom = TOP + f(panels.len()) * (PANEL + GAP);
    let height = bottom + 36.0;
    let x = |second: f64| LEFT + second / f(seconds) * (WIDTH - LEFT - RIGHT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-label=\"{title}\">\n<style>\n  {STYLE}\n</style>\n<text x=\"8\" y=\"18\">{title}</text>\n"
    );
    for fault in &content.faults {
        let _ = writeln!(svg, "{}", mark(fault, &x, bottom));
    }
    for (number, panel) in panels.iter().enumerate() {
        draw(&mut svg, panel, TOP + f(number) * (PANEL + GAP), &x);
    }
    for minute in 0..=seconds / 60 {
        let at = x(f(minute * 60));
        let _ = writeln!(
            svg,
            "<text class=\"tick\" x=\"{at:.1}\" y=\"{:.1}\">{minute} min</text>",
            bottom + 4.0
        );
    }
    let mut left = 8.0;
    for (class, text) in GROUPS {
        let y = height - 10.0;
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{left}\" y=\"{:.1}\" width=\"10\" height=\"10\"/><text class=\"tick\" \
             x=\"{:.1}\" y=\"{y}\">{text}</text>",
            y - 9.0,
            left + 14.0
        );
        left += 225.0;
    }
    svg.push_str("</svg>\n");
    svg
}

fn mark(fault: &FaultWindow, x: &impl Fn(f64) -> f64, bottom: f64) -> String {
    let start = fault.start.as_secs_f64();
    let end = fault.end.map_or(start, |end| end.as_secs_f64());
    let width = (x(end) - x(start)).max(1.5);
    format!(
        "<rect class=\"fault {}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"><title>{} ({})</title></rect>",
        class(fault.kind),
        x(start),
        TOP - 12.0,
        bottom - TOP,
        fault.kind,
        fault.target
    )
}

fn class(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Kill | FaultKind::KillAfterRotation | FaultKind::Terminate => "instance",
        FaultKind::StoreRestart | FaultKind::Failover => "store",
        FaultKind::SlowProvider | FaultKind::ProviderErrors | FaultKind::KeyRotation => "provider",
        FaultKind::Delay | FaultKind::Reset | FaultKind::HalfOpen | FaultKind::Stall => "network",
    }
}

fn draw(svg: &mut String, series: &Series, top: f64, x: &impl Fn(f64) -> f64) {
    let most = series.values.iter().flatten().copied().fold(0.0, f64::max);
    let base = top + PANEL;
    let y = |value: f64| base - if most > 0.0 { value / most * PANEL } else { 0.0 };
    let _ = writeln!(
        svg,
        "<text x=\"8\" y=\"{:.1}\">{}</text><text class=\"tick\" x=\"8\" y=\"{:.1}\">at most {}</text>\n\
         <line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{base:.1}\" y2=\"{base:.1}\"/>",
        top + PANEL / 2.0,
        series.title,
        top + PANEL / 2.0 + 16.0,
        (series.format)(most),
        WIDTH - RIGHT
    );
    let mut path = String::new();
    let mut is_gap = true;
    for (second, value) in series.values.iter().enumerate() {
        let Some(value) = value else {
            is_gap = true;
            continue;
        };
        let command = if is_gap { 'M' } else { 'L' };
        is_gap = false;
        let _ = write!(path, "{command}{:.1} {:.1}", x(f(second)), y(*value));
    }
    let _ = writeln!(svg, "<path class=\"line\" d=\"{path}\"/>");
}

#[allow(clippy::cast_precision_loss, reason = "a few thousand")]
fn f(number: usize) -> f64 {
    number as f64
}
