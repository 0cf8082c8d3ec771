//! The slots of a cluster, and the node that has each.

use redis::Value;

use crate::session::store::redis::address::Endpoint;

/// Number of slots. Each node has some of them.
const COUNT: u16 = 16_384;

/// The slot of a key: of its hash tag `{…}`, if it has one that is not empty.
pub(super) fn slot(key: &str) -> u16 {
    let tag = key
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty());
    crc16(tag.unwrap_or(key).as_bytes()) % COUNT
}

/// CRC-16/XMODEM, as the specification of Redis Cluster requires.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x1021
            }
        })
    })
}

/// A range of slots, first and last, and its primary.
pub(super) struct Slots(Vec<(u16, u16, Endpoint)>);

impl Slots {
    /// Reads the answer to `CLUSTER SLOTS` of the node `from`. `None` if it has another form.
    pub(super) fn read(answer: &Value, from: &Endpoint) -> Option<Self> {
        let ranges = array(answer)?.iter().map(|range| {
            // First slot, last slot, primary, replicas.
            let [first, last, primary, ..] = array(range)? else {
                return None;
            };
            Some((number(first)?, number(last)?, node(primary, from)?))
        });
        Some(Self(ranges.collect::<Option<_>>()?))
    }

    /// The node of a slot. `None` if no node has it.
    pub(super) fn node(&self, slot: u16) -> Option<&Endpoint> {
        let range = self.0.iter().find(|(first, last, _)| (first..=last).contains(&&slot));
        range.map(|(_, _, node)| node)
    }

    /// The nodes, some of them repeatedly.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Endpoint> {
        self.0.iter().map(|(_, _, node)| node)
    }
}

/// A node: its host, its port, and more that is not needed.
fn node(value: &Value, from: &Endpoint) -> Option<Endpoint> {
    let [host, port, ..] = array(value)? else {
        return None;
    };
    let host = match host {
        // The node does not know its own name.
        Value::Nil => "",
        Value::BulkString(host) => std::str::from_utf8(host).ok()?,
        Value::SimpleString(host) => host,
        _ => return None,
    };
    Some(Endpoint {
        host: if matches!(host, "" | "?") { &from.host } else { host }.to_owned(),
        port: number(port)?,
    })
}

fn array(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(values) => Some(values),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u16> {
    match value {
        Value::Int(number) => u16::try_from(*number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of a Redis server (`CLUSTER KEYSLOT`).
    #[test]
    fn the_slot_of_a_key_is_that_of_its_hash_tag() {
        for (key, expected) in [
            ("123456789", 12_739),
            ("foo", 12_182),
            ("", 0),
            ("app:session:{foo}", 12_182),
            ("{foo}{bar}", 12_182),
            ("{bar", slot("{bar")),
        ] {
            assert_eq!(slot(key), expected, "{key}");
        }
        assert_eq!(
            slot("a{}{foo}"),
            crc16(b"a{}{foo}") % COUNT,
            "an empty tag does not count"
        );
    }

    fn endpoint(host: &str, port: u16) -> Endpoint {
        Endpoint {
            host: host.to_owned(),
            port,
        }
    }

    fn range(first: i64, last: i64, host: Value, port: i64) -> Value {
        let primary = Value::Array(vec![host, Value::Int(port), Value::BulkString(b"id".to_vec())]);
        let replica = Value::Array(vec![Value::BulkString(b"replica".to_vec()), Value::Int(1)]);
        Value::Array(vec![Value::Int(first), Value::Int(last), primary, replica])
    }

    #[test]
    fn a_node_without_a_name_is_the_one_that_answers() {
        let from = endpoint("seed", 1);
        let answer = Value::Array(vec![
            range(0, 9, Value::BulkString(b"one".to_vec()), 7000),
            range(10, 19, Value::Nil, 7001),
            range(20, 29, Value::BulkString(Vec::new()), 7002),
            range(30, 30, Value::BulkString(b"?".to_vec()), 7003),
        ]);
        let slots = Slots::read(&answer, &from).unwrap();
        for (slot, host, port) in [
            (0, "one", 7000),
            (9, "one", 7000),
            (10, "seed", 7001),
            (29, "seed", 7002),
            (30, "seed", 7003),
        ] {
            assert_eq!(slots.node(slot), Some(&endpoint(host, port)), "{slot}");
        }
        assert_eq!(slots.node(31), None);
        assert_eq!(slots.nodes().count(), 4);
    }

    #[test]
    fn an_answer_of_another_form_is_not_read() {
        let from = endpoint("seed", 1);
        for answer in [
            Value::Nil,
            Value::Array(vec![Value::Int(1)]),
            Value::Array(vec![Value::Array(vec![Value::Int(0), Value::Int(1)])]),
            Value::Array(vec![range(0, 70_000, Value::Nil, 7000)]),
            Value::Array(vec![range(0, 1, Value::Int(1), 7000)]),
        ] {
            assert!(Slots::read(&answer, &from).is_none(), "{answer:?}");
        }
    }
}
