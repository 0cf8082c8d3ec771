//! The header `Accept-Language`.

use unic_langid::LanguageIdentifier;

/// Returns the languages of the header, the preferred one first (RFC 9110 §12.5.4). Languages that
/// the browser refuses (`q=0`), and members that are invalid, are left out.
///
/// `fluent_langneg` keeps the order of the header, whatever the weights are.
pub(super) fn accepted_languages(header: &str) -> Vec<LanguageIdentifier> {
    let mut accepted: Vec<_> = header.split(',').filter_map(language_and_weight).collect();
    // The sort is stable: languages of equal weight keep the order of the header.
    accepted.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    accepted.into_iter().map(|(language, _)| language).collect()
}

fn language_and_weight(member: &str) -> Option<(LanguageIdentifier, f32)> {
    let (language, weight) = match member.split_once(';') {
        Some((language, parameter)) => (language, weight(parameter)?),
        None => (member, 1.0),
    };
    Some((language.trim().parse().ok()?, weight))
}

/// `None` for 0 and for invalid weights. `NaN` is none either.
fn weight(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let weight: f32 = value.trim().parse().ok()?;
    (name.trim().eq_ignore_ascii_case("q") && weight > 0.0 && weight <= 1.0).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(header: &str) -> Vec<String> {
        accepted_languages(header).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn languages_are_ordered_by_weight() {
        for (header, expected) in [
            ("", &[] as &[_]),
            ("fr", &["fr"]),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7", &["fr-CH", "fr", "en", "de"]),
            ("en;q=0.1,fr;q=0.9", &["fr", "en"]),
            ("en; q=0.5 , de ; Q=0.500, fr", &["fr", "en", "de"]),
        ] {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn refused_and_invalid_members_are_left_out() {
        for member in [
            "de;q=0",
            "de;q=0.000",
            "de;q=-1",
            "de;q=2",
            "de;q=NaN",
            "de;q=inf",
            "de;q=",
            "de;q",
            "de;level=1",
            "*",
            "no language",
            ";q=1",
        ] {
            assert_eq!(accepted(&format!("{member},fr;q=0.1")), ["fr"], "{member}");
        }
    }
}
