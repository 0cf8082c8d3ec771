//! The costs of each session store, from the latest measurements.

use leptos::prelude::*;

use crate::language::{Language, language};

/// Requests per second of a signed-in page, by `script/bench`.
const PAGES: &str = include_str!("../../../bench/results/latest.md");

/// Loads and sizes of sessions, by `script/bench --growth`.
const STORES: &str = include_str!("../../../docs/sizing.md");

/// A row of the table. Other cells are texts.
struct Cost {
    store: &'static str,
    pages: Option<&'static str>,
    load: Option<&'static str>,
    size: Option<&'static str>,
}

impl Cost {
    /// The names are those in the two files.
    fn measured(store: &'static str, in_pages: &str, in_stores: &str) -> Self {
        Self {
            store,
            pages: cell(PAGES, &format!("| Leptos, signed in ({in_pages}) |"), 0),
            load: cell(STORES, &format!("| {in_stores} | 1,000,000 |"), 0),
            size: cell(STORES, &format!("| {in_stores} | 1,000,000 |"), 2),
        }
    }
}

/// Returns a cell of the first row that begins with `start`, counted from there.
fn cell(table: &'static str, start: &str, number: usize) -> Option<&'static str> {
    let rest = table.lines().find_map(|line| line.strip_prefix(start))?;
    Some(rest.split('|').nth(number)?.trim())
}

/// Formats a measured number in the language of the page.
fn number(measured: &str, language: Language) -> String {
    match language {
        Language::En => measured.to_owned(),
        Language::Fr => measured
            .replace(' ', "\u{a0}")
            .replace(',', "\u{202f}")
            .replace('.', ",")
            .replace("kB", "ko"),
    }
}

#[component]
pub(super) fn Costs() -> impl IntoView {
    let language = language();
    let stores = [
        Cost::measured("sessions-store-cookies", "cookie", "none"),
        Cost::measured("sessions-store-memory", "memory store", "memory"),
        Cost::measured("sessions-store-redis", "Redis store", "Redis"),
        Cost::measured("sessions-store-postgres", "PostgreSQL store", "PostgreSQL"),
    ];
    let rows = stores.map(|cost| {
        let shown = |measured: Option<&str>| measured.map_or_else(|| "–".to_owned(), |text| number(text, language));
        let size = match cost.size {
            Some(size) => number(size, language),
            None => language.text("sessions-cost-cookie-size").into_owned(),
        };
        view! {
            <tr>
                <th scope="row">{language.text(cost.store)}</th>
                <td>{shown(cost.load)}</td>
                <td>{size}</td>
                <td>{shown(cost.pages)}</td>
            </tr>
        }
    });
    view! {
        <table class="costs">
            <thead>
                <tr>
                    <th scope="col">{language.text("sessions-cost-store")}</th>
                    <th scope="col">{language.text("sessions-cost-load")}</th>
                    <th scope="col">{language.text("sessions-cost-size")}</th>
                    <th scope="col">{language.text("sessions-cost-pages")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_numbers_are_found() {
        for (pages, stores) in [("memory store", "memory"), ("Redis store", "Redis")] {
            let cost = Cost::measured("", pages, stores);
            assert!(cost.pages.is_some_and(|number| number.contains(',')), "{pages}");
            assert!(cost.load.is_some_and(|time| time.ends_with("µs")), "{stores}");
            assert!(cost.size.is_some_and(|size| size.ends_with("kB")), "{stores}");
        }
        assert!(Cost::measured("", "cookie", "none").pages.is_some());
        assert!(Cost::measured("", "", "PostgreSQL").load.is_some());
    }

    #[test]
    fn numbers_are_in_the_language_of_the_page() {
        assert_eq!(number("20,399", Language::En), "20,399");
        assert_eq!(number("20,399", Language::Fr), "20\u{202f}399");
        assert_eq!(number("2.5 kB", Language::Fr), "2,5\u{a0}ko");
    }
}
