//! A value that is too large for one cookie, in several.
//!
//! One cookie holds the value itself. Of several, the first says how many there are (`3~…`), the
//! others are named by their number (`name.1`, `name.2`). A part that is missing or of another
//! write makes the whole unreadable: the seal does not open.

use std::borrow::Cow;

/// Most parts: with the budget's largest value some 40 kB, far more than servers take.
pub(crate) const MOST_PARTS: usize = 10;

/// Digits of that.
const LONGEST_COUNT: usize = 2;

/// Most values that are read, however many cookies of one name there are.
pub(crate) const MOST_READ: usize = 8;

/// Reads what the cookies of this name say. Of every name there can be several, as `cookies` finds
/// them: each way to put them together is a value, up to [`MOST_READ`]. A value that misses a part
/// is none.
pub(crate) fn read<'a>(cookies: impl Fn(&str) -> Vec<&'a [u8]>, name: &str) -> Vec<Cow<'a, [u8]>> {
    let mut values = Vec::new();
    for first in cookies(name).into_iter().take(MOST_READ) {
        // The count comes first: the whole of a long value need not be looked through.
        match first.iter().take(LONGEST_COUNT + 1).position(|&byte| byte == b'~') {
            Some(end) => values.extend(put_together(&cookies, name, first, end).into_iter().map(Cow::from)),
            None => values.push(first.into()),
        }
    }
    values.truncate(MOST_READ);
    values
}

/// The values that begin with this first part, whose count ends at `end`.
fn put_together<'a>(cookies: impl Fn(&str) -> Vec<&'a [u8]>, name: &str, first: &[u8], end: usize) -> Vec<Vec<u8>> {
    let (count, beginning) = first.split_at(end);
    let known = (2..=MOST_PARTS).find(|number| number.to_string().as_bytes() == count);
    let (Some(count), Some(beginning)) = (known, beginning.get(1..)) else {
        return Vec::new();
    };
    (1..count).fold(vec![beginning.to_owned()], |values, number| {
        let parts = cookies(&part_name(name, number));
        let longer = values
            .iter()
            .flat_map(|value| parts.iter().map(move |part| [value.as_slice(), part].concat()));
        longer.take(MOST_READ).collect()
    })
}

/// Names and values of the cookies for a value; none of the values is longer than `room`.
pub(crate) fn split(name: &str, value: &str, room: usize) -> Vec<(String, String)> {
    if value.len() <= room {
        return vec![(name.to_owned(), value.to_owned())];
    }
    // Room for the count, and for the longer names of the other parts.
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

/// Numbers of the parts, beyond the first `count`, that a browser still has from a larger value.
pub(crate) fn stale(is_sent: impl Fn(&str) -> bool, name: &str, count: usize) -> Vec<String> {
    (count.max(1)..MOST_PARTS)
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

    fn put_together(parts: &[(String, String)]) -> Option<String> {
        values(parts).pop()
    }

    #[test]
    fn a_value_reads_back_whatever_its_length() {
        for length in [0, 1, 99, 100, 101, 192, 193, 500] {
            let value: String = "abcdefg".chars().cycle().take(length).collect();
            let parts = split("s", &value, 100);
            assert!(parts.iter().all(|(_, part)| part.len() <= 100), "{parts:?}");
            assert_eq!(put_together(&parts).as_deref(), Some(value.as_str()), "{length}");
        }
    }

    #[test]
    fn a_missing_part_makes_the_value_unreadable() {
        let mut parts = split("s", &"x".repeat(500), 100);
        parts.remove(2);
        assert_eq!(put_together(&parts), None);
    }

    #[test]
    fn of_several_cookies_of_one_name_every_combination_is_read() {
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
    fn many_cookies_of_one_name_do_not_make_many_values() {
        let mut parts = vec![("s".to_owned(), "10~x".to_owned()); 20];
        parts.extend((1..10).flat_map(|number| vec![(format!("s.{number}"), "y".to_owned()); 20]));
        assert_eq!(values(&parts).len(), MOST_READ);
    }

    #[test]
    fn a_count_that_is_none_is_refused() {
        for first in ["0~x", "1~x", "11~x", "-1~x", "+2~x", "02~x", "~x", "ü~x"] {
            let parts = [("s".into(), first.into()), ("s.1".into(), "y".into())];
            assert_eq!(put_together(&parts), None, "{first}");
        }
    }

    #[test]
    fn what_begins_with_no_count_is_the_value_itself() {
        for value in ["", "x", "xyz", "999~x", "9999999999999999999999~x"] {
            let parts = [("s".into(), value.into())];
            assert_eq!(put_together(&parts).as_deref(), Some(value), "{value}");
        }
    }

    #[test]
    fn a_value_in_as_many_parts_as_there_may_be_reads_back() {
        let value = "x".repeat(950);
        let parts = split("s", &value, 100);
        assert_eq!(parts.len(), MOST_PARTS);
        assert_eq!(put_together(&parts), Some(value));
    }

    #[test]
    fn parts_of_a_larger_value_are_found() {
        let sent = split("s", &"x".repeat(500), 100);
        let is_sent = |part: &str| sent.iter().any(|(name, _)| name == part);
        assert_eq!(stale(is_sent, "s", 1), ["s.1", "s.2", "s.3", "s.4", "s.5"]);
        assert!(stale(is_sent, "s", 6).is_empty());
    }
}
