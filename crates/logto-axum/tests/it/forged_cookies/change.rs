//! Valid cookies with a change.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::{prelude::*, sample::Index};

use super::fixture::{Fixture, Values, to_cookies};

/// A change to a valid cookie.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Changes the sealed value at some position.
    Value(ValueChange, Index),
    /// Swaps two parts, or the halves of a single part.
    Swap(Index),
    /// Removes a part.
    Lose(Index),
    /// Takes the last part, or the second half of a single part, from another session.
    Mix,
    /// Changes the number of parts.
    Count(String),
    /// Uses a value that is valid for another app, purpose or time.
    Other(Index),
}

/// A change to a sealed value.
#[derive(Clone, Debug)]
pub(super) enum ValueChange {
    FlipBit,
    Replace(u8),
    Insert(u8),
    Remove,
    Truncate,
    RemoveStart,
    Append(String),
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    // No percent sign, because `%41` is equivalent to `A`.
    let letter = || (0x21..=0x7e_u8).prop_filter("not a separator or an escape", |byte| !matches!(byte, b';' | b'%'));
    let value = prop_oneof![
        4 => Just(ValueChange::FlipBit),
        2 => letter().prop_map(ValueChange::Replace),
        1 => letter().prop_map(ValueChange::Insert),
        1 => Just(ValueChange::Remove),
        1 => Just(ValueChange::Truncate),
        1 => Just(ValueChange::RemoveStart),
        1 => "[A-Za-z0-9_=.-]{1,8}".prop_map(ValueChange::Append),
    ];
    let count = prop_oneof![(0..20_u32).prop_map(|count| count.to_string()), "[+0]{0,2}[0-9]{0,2}"];
    prop_oneof![
        8 => (value, any::<Index>()).prop_map(|(change, at)| Change::Value(change, at)),
        1 => any::<Index>().prop_map(Change::Swap),
        1 => any::<Index>().prop_map(Change::Lose),
        1 => Just(Change::Mix),
        1 => count.prop_map(Change::Count),
        1 => any::<Index>().prop_map(Change::Other),
    ]
}

impl Change {
    /// The cookies of a valid session after the change; `None` if they are unchanged.
    pub(super) fn applied(&self, fixture: &Fixture, which: usize) -> Option<Values> {
        let mut parts = fixture.genuine[which].parts.clone();
        let count = parts.len();
        match self {
            Self::Value(change, at) => {
                let value = change.applied(parts.concat().into_bytes(), *at);
                let value = String::from_utf8(value).unwrap();
                return Some(to_cookies(&split(&value, count)));
            }
            Self::Swap(at) if count > 1 => {
                let at = at.index(count);
                parts.swap(at, (at + 1) % count);
            }
            Self::Swap(_) => {
                let (first, second) = halves(&parts[0]);
                parts[0] = format!("{second}{first}");
            }
            Self::Lose(at) => {
                let mut values = to_cookies(&parts);
                values[at.index(count)].clear();
                return Some(values);
            }
            // The other session of the same kind.
            Self::Mix if count > 1 => parts[count - 1].clone_from(fixture.genuine[which ^ 1].parts.last()?),
            Self::Mix => {
                let (first, _) = halves(&parts[0]);
                let (_, second) = halves(&fixture.genuine[which ^ 1].parts[0]);
                parts[0] = format!("{first}{second}");
            }
            Self::Count(other) if count > 1 && *other == count.to_string() => return None,
            Self::Count(other) => {
                let mut values: Values = parts.into_iter().map(String::into_bytes).collect();
                values[0].splice(0..0, format!("{other}~").into_bytes());
                return Some(values);
            }
            Self::Other(at) => return Some(vec![at.get(&fixture.other).clone().into_bytes()]),
        }
        Some(to_cookies(&parts))
    }
}

impl ValueChange {
    fn applied(&self, mut value: Vec<u8>, at: Index) -> Vec<u8> {
        let place = at.index(value.len());
        match self {
            Self::FlipBit => {
                let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&value).unwrap();
                let bit = at.index(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
                return BASE64_URL_SAFE_NO_PAD.encode(bytes).into_bytes();
            }
            Self::Replace(letter) if value[place] == *letter => value[place] = letter.wrapping_add(1),
            Self::Replace(letter) => value[place] = *letter,
            Self::Insert(letter) => value.insert(place, *letter),
            Self::Remove => drop(value.remove(place)),
            Self::Truncate => value.truncate(place),
            Self::RemoveStart => drop(value.drain(..=place)),
            Self::Append(text) => value.extend_from_slice(text.as_bytes()),
        }
        value
    }
}

fn halves(value: &str) -> (&str, &str) {
    value.split_at(value.len() / 2)
}

/// Splits `value` into `count` parts, or fewer if it is too short.
fn split(value: &str, count: usize) -> Vec<String> {
    let mut parts = vec![value.to_owned()];
    while parts.len() < count && parts[0].len() > 1 {
        let (first, second) = halves(&parts[0]);
        let (first, second) = (first.to_owned(), second.to_owned());
        parts.splice(0..1, [first, second]);
    }
    parts
}
