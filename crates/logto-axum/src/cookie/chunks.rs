//! Splits a value that is too large for one cookie.
//!
//! A value in one cookie is stored as it is. Otherwise the first cookie begins with the number of
//! parts (`3~…`), and the others are named by their index (`name.1`, `name.2`). If a part is
//! missing or belongs to another version of the value, the seal does not open.

use std::borrow::Cow;

/// Maximum number of parts. Ten full cookies are about 40 kB, more than servers accept.
pub(crate) const MAX_PARTS: usize = 10;

/// Digits of [`MAX_PARTS`].
const MAX_COUNT_LEN: usize = 2;

/// Maximum number of values that are read if there are several cookies of one name.
pub(crate) const MAX_VALUES: usize = 8;

/// Reads the values of the cookies of this name. `cookies` returns the cookies of a name, of which
/// there can be several: each combination of parts is a value, up to [`MAX_VALUES`]. Incomplete
/// values are left out.
pub(crate) fn read<'a>(cookies: impl Fn(&str) -> Vec<&'a [u8]>, name: &str) -> Vec<Cow<'a, [u8]>> {
    let mut values = Vec::new();
    for first in cookies(name).into_iter().take(MAX_VALUES) {
        // The count is at the beginning, so a long value need not be searched.
        match first.iter().take(MAX_COUNT_LEN + 1).position(|&byte| byte == b'~') {
            Some(end) => values.extend(join(&cookies, name, first, end).into_iter().map(Cow::from)),
            None => values.push(first.into()),
        }
    }
    values.truncate(MAX_VALUES);
    values
}

/// Joins the values that begin with this first part, whose count ends at `end`.
fn join<'a>(cookies: impl Fn(&str) -> Vec<&'a [u8]>, name: &str, first: &[u8], end: usize) -> Vec<Vec<u8>> {
    let (count, beginning) = first.split_at(end);
    let known = (2..=MAX_PARTS).find(|number| number.to_string().as_bytes() == count);
    let (Some(count), Some(beginning)) = (known, beginning.get(1..)) else {
        return Vec::new();
    };
    (1..count).fold(vec![beginning.to_owned()], |values, number| {
        let parts = cookies(&part_name(name, number));
        let longer = values
            .iter()
            .flat_map(|value| parts.iter().map(move |part| [value.as_slice(), part].concat()));
        longer.take(MAX_VALUES).collect()
    })
}

/// Splits a value into cookies, each with a name and a value of at most `room` bytes.
pub(crate) fn split(name: &str, value: &str, room: usize) -> Vec<(String, String)> {
    if value.len() <= room {
        return vec![(name.to_owned(), value.to_owned())];
    }
    // Leaves room for the count, and for the longer names of the other parts.
    let size = room.saturating_sub(4).max(1);
    let mut parts: Vec<_> = value
        .as_bytes()
        .chunks(size)
        .enumerate()
        .map(|(number, part)| (part_name(name, number), String::from_utf8_lossy(part).into_owned()))
        .collect();
    let count = parts.len();
    if let Some((_, first)) = parts.first_mut() {
        *first = format!("{count}~{first}");
    }
    parts
}

/// Names of parts, beyond the first `count`, that the browser still has from a larger value.
pub(crate) fn stale(is_sent: impl Fn(&str) -> bool, name: &str, count: usize) -> Vec<String> {
    (count.max(1)..MAX_PARTS)
        .map(|number| part_name(name, number))
        .filter(|part| is_sent(part))
        .collect()
}

fn part_name(name: &str, number: usize) -> String {
    if number == 0 {
        name.to_owned()
    } else {
        format!("{name}.{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(parts: &[(String, String)]) -> Vec<String> {
        let named = |name: &str| {
            let named = parts.iter().filter(|(known, _)| known == name);
            named.map(|(_, value)| value.as_bytes()).collect()
        };
        read(named, "s")
            .into_iter()
            .map(|value| String::from_utf8(value.into_owned()).unwrap())
            .collect()
    }

    fn join(parts: &[(String, String)]) -> Option<String> {
        values(parts).pop()
    }

    #[test]
    fn a_value_of_any_length_reads_back() {
        for length in [0, 1, 99, 100, 101, 192, 193, 500] {
            let value: String = "abcdefg".chars().cycle().take(length).collect();
            let parts = split("s", &value, 100);
            assert!(parts.iter().all(|(_, part)| part.len() <= 100), "{parts:?}");
            assert_eq!(join(&parts).as_deref(), Some(value.as_str()), "{length}");
        }
    }

    #[test]
    fn a_missing_part_makes_the_value_unreadable() {
        let mut parts = split("s", &"x".repeat(500), 100);
        parts.remove(2);
        assert_eq!(join(&parts), None);
    }

    #[test]
    fn every_combination_of_cookies_of_one_name_is_read() {
        let parts = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            owned.collect()
        };
        assert_eq!(
            values(&parts(&[("s", "x"), ("s", "2~a"), ("s.1", "b"), ("s", "3~c")])),
            ["x", "ab"]
        );
        let twice = parts(&[("s", "2~a"), ("s.1", "b"), ("s", "2~c"), ("s.1", "d")]);
        assert_eq!(values(&twice), ["ab", "ad", "cb", "cd"]);
    }

    #[test]
    fn the_number_of_values_is_limited() {
        let mut parts = vec![("s".to_owned(), "10~x".to_owned()); 20];
        parts.extend((1..10).flat_map(|number| vec![(format!("s.{number}"), "y".to_owned()); 20]));
        assert_eq!(values(&parts).len(), MAX_VALUES);
    }

    #[test]
    fn an_invalid_count_is_rejected() {
        for first in ["0~x", "1~x", "11~x", "-1~x", "+2~x", "02~x", "~x", "ü~x"] {
            let parts = [("s".into(), first.into()), ("s.1".into(), "y".into())];
            assert_eq!(join(&parts), None, "{first}");
        }
    }

    #[test]
    fn a_value_without_a_count_is_read_as_it_is() {
        for value in ["", "x", "xyz", "999~x", "9999999999999999999999~x"] {
            let parts = [("s".into(), value.into())];
            assert_eq!(join(&parts).as_deref(), Some(value), "{value}");
        }
    }

    #[test]
    fn a_value_with_the_maximum_of_parts_reads_back() {
        let value = "x".repeat(950);
        let parts = split("s", &value, 100);
        assert_eq!(parts.len(), MAX_PARTS);
        assert_eq!(join(&parts), Some(value));
    }

    #[test]
    fn parts_of_a_larger_value_are_found() {
        let sent = split("s", &"x".repeat(500), 100);
        let is_sent = |part: &str| sent.iter().any(|(name, _)| name == part);
        assert_eq!(stale(is_sent, "s", 1), ["s.1", "s.2", "s.3", "s.4", "s.5"]);
        assert!(stale(is_sent, "s", 6).is_empty());
    }
}
