//! Timestamps: RFC 3339 with any offset, and what lacks an offset as UTC.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use indexmap::IndexMap;
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::nullable::Nullable;

/// Decodes a field that holds timestamps.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: Timestamps>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::ScriptedServer::deserialize(deserializer).map(T::from_wire)
}

/// Decodes a field that holds timestamps, of which null is a value.
pub(crate) fn deserialize_nullable<'de, D: Deserializer<'de>, T: Timestamps>(
    deserializer: D,
) -> Result<Option<Nullable<T>>, D::Error> {
    let wire = Option::<T::ScriptedServer>::deserialize(deserializer)?;
    Ok(Some(wire.map_or(Nullable::Null, |wire| {
        Nullable::Value(T::from_wire(wire))
    })))
}

/// A timestamp, or what holds some.
pub(crate) trait Timestamps: Sized {
    /// The type that it is read as.
    type ScriptedServer: DeserializeOwned;

    /// From what was read.
    fn from_wire(wire: Self::ScriptedServer) -> Self;
}

impl Timestamps for DateTime<Utc> {
    type ScriptedServer = Timestamp;

    fn from_wire(wire: Timestamp) -> Self {
        wire.0
    }
}

impl<T: Timestamps> Timestamps for Option<T> {
    type ScriptedServer = Option<T::ScriptedServer>;

    fn from_wire(wire: Self::ScriptedServer) -> Self {
        wire.map(T::from_wire)
    }
}

impl<T: Timestamps> Timestamps for Nullable<T> {
    type ScriptedServer = Nullable<T::ScriptedServer>;

    fn from_wire(wire: Self::ScriptedServer) -> Self {
        match wire {
            Nullable::Null => Self::Null,
            Nullable::Value(wire) => Self::Value(T::from_wire(wire)),
        }
    }
}

impl<T: Timestamps> Timestamps for Vec<T> {
    type ScriptedServer = Vec<T::ScriptedServer>;

    fn from_wire(wire: Self::ScriptedServer) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<T: Timestamps> Timestamps for IndexMap<String, T> {
    type ScriptedServer = IndexMap<String, T::ScriptedServer>;

    fn from_wire(wire: Self::ScriptedServer) -> Self {
        wire.into_iter()
            .map(|(key, value)| (key, T::from_wire(value)))
            .collect()
    }
}

/// One timestamp as it is read.
pub(crate) struct Timestamp(DateTime<Utc>);

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 timestamp")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        read(text)
            .map(Timestamp)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// The years that RFC 3339 has: another one, in UTC, would be written in a form that nobody reads.
const YEARS: RangeInclusive<i32> = 0..=9999;

fn read(text: &str) -> Option<DateTime<Utc>> {
    read_any(text).filter(|timestamp| YEARS.contains(&timestamp.year()))
}

fn read_any(text: &str) -> Option<DateTime<Utc>> {
    if let Some(timestamp) = read_usual(text) {
        return Some(timestamp);
    }
    if let Ok(timestamp) = DateTime::parse_from_rfc3339(text) {
        return Some(timestamp.to_utc());
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(|timestamp| timestamp.and_utc())
}

/// The form in which the service writes nearly all of them, `2026-08-16T10:00:00.123456Z`, which is read many times
/// faster than any form; `None` for every other one.
fn read_usual(text: &str) -> Option<DateTime<Utc>> {
    let (seconds, tail) = text.as_bytes().split_first_chunk::<19>()?;
    let [
        y0,
        y1,
        y2,
        y3,
        b'-',
        m0,
        m1,
        b'-',
        d0,
        d1,
        b'T',
        h0,
        h1,
        b':',
        i0,
        i1,
        b':',
        s0,
        s1,
    ] = *seconds
    else {
        return None;
    };
    let nanoseconds = match tail {
        b"Z" => 0,
        [b'.', fraction @ .., b'Z'] if (1..=9).contains(&fraction.len()) => {
            let mut digits = [b'0'; 9];
            digits[..fraction.len()].copy_from_slice(fraction);
            number(digits)?
        }
        _ => return None,
    };
    let year = i32::try_from(number([y0, y1, y2, y3])?).ok()?;
    NaiveDate::from_ymd_opt(year, number([m0, m1])?, number([d0, d1])?)?
        .and_hms_nano_opt(
            number([h0, h1])?,
            number([i0, i1])?,
            number([s0, s1])?,
            nanoseconds,
        )
        .map(|timestamp| timestamp.and_utc())
}

/// The number that these digits write, which are nine at the most.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    let digit = |digit: u8| u32::from(digit.wrapping_sub(b'0'));
    let number = digits.iter().fold(0_u32, |number, next| {
        number.wrapping_mul(10).wrapping_add(digit(*next))
    });
    digits.iter().all(u8::is_ascii_digit).then_some(number)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use indexmap::IndexMap;
    use serde::{Deserialize, Serialize};

    use super::Nullable;
    use crate::runtime::json::decode;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Run {
        #[serde(deserialize_with = "super::deserialize")]
        at: DateTime<Utc>,
        #[serde(
            default,
            deserialize_with = "super::deserialize",
            skip_serializing_if = "Option::is_none"
        )]
        ended: Option<DateTime<Utc>>,
        #[serde(default, deserialize_with = "super::deserialize")]
        seen: Vec<Option<DateTime<Utc>>>,
        #[serde(default, deserialize_with = "super::deserialize")]
        by_name: IndexMap<String, DateTime<Utc>>,
        #[serde(
            default,
            deserialize_with = "super::deserialize_nullable",
            skip_serializing_if = "Option::is_none"
        )]
        due: Option<Nullable<DateTime<Utc>>>,
    }

    fn at(text: &str) -> String {
        let run: Run = serde_json::from_str(&format!(r#"{{"at":"{text}"}}"#)).unwrap();
        serde_json::to_value(run).unwrap()["at"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn any_offset_is_read_and_none_is_utc() {
        assert_eq!(at("2026-08-16T10:00:00Z"), "2026-08-16T10:00:00Z");
        assert_eq!(at("2026-08-16T12:00:00+02:00"), "2026-08-16T10:00:00Z");
        assert_eq!(at("2026-08-16T04:30:00-05:30"), "2026-08-16T10:00:00Z");
        assert_eq!(at("2026-08-16T10:00:00"), "2026-08-16T10:00:00Z");
        assert_eq!(at("2026-08-16 10:00:00"), "2026-08-16T10:00:00Z");
        assert_eq!(at("2026-08-16 12:00:00+02:00"), "2026-08-16T10:00:00Z");
        assert_eq!(
            at("2026-08-16T10:00:00.123456"),
            "2026-08-16T10:00:00.123456Z"
        );
    }

    /// The usual form is read on a way of its own, which must find what chrono finds.
    #[test]
    fn the_usual_form_is_read_as_chrono_reads_it() {
        for text in [
            "2026-08-16T10:00:00Z",
            "2026-08-16T23:59:59.9Z",
            "2026-08-16T10:00:00.000001Z",
            "2026-08-16T10:00:00.123456789Z",
            "2026-08-16T10:00:00.1234567891Z",
            "2026-08-16T10:00:00.Z",
            "2024-02-29T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-10T00:00:00Z",
            "2026-08-16T24:00:00Z",
            "2026-08-16T10:60:00Z",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2026-08-16T10:00:+0Z",
            "2026-08-16T10:00:00.+1Z",
            "2026-08-16T1O:00:00Z",
            "2026-08-16T10:00:00ZZ",
            "2026-08-16T10:00:00é",
            "",
        ] {
            let expected = DateTime::parse_from_rfc3339(text).map(|found| found.to_utc());
            assert_eq!(super::read(text), expected.ok(), "{text}");
        }
    }

    #[test]
    fn timestamps_within_other_types_are_read_the_same() {
        let text = r#"{"at":"2026-08-16T10:00:00","ended":"2026-08-16 11:00:00",
            "seen":["2026-08-16T12:00:00",null],"by_name":{"a":"2026-08-16T13:00:00"},"due":null}"#;
        let run: Run = serde_json::from_str(text).unwrap();
        assert_eq!(
            serde_json::to_string(&run).unwrap(),
            r#"{"at":"2026-08-16T10:00:00Z","ended":"2026-08-16T11:00:00Z","seen":["2026-08-16T12:00:00Z",null],"by_name":{"a":"2026-08-16T13:00:00Z"},"due":null}"#
        );
        let text = r#"{"at":"2026-08-16T10:00:00Z","ended":null,"due":"2026-08-16T10:00:00"}"#;
        let run: Run = serde_json::from_str(text).unwrap();
        assert_eq!((run.ended, run.due), (None, Some(Nullable::Value(run.at))));
    }

    /// chrono reads years with a sign where no offset follows, and writes them in a form that it does not read.
    #[test]
    fn a_year_that_has_not_four_digits_is_refused() {
        for text in [
            "-026-03-09T10:30:00",
            "-2026-03-09 10:30:00",
            "+12026-03-09T10:30:00",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert_eq!(super::read(text), None, "{text}");
        }
        assert_eq!(at("0000-01-01T00:00:00"), "0000-01-01T00:00:00Z");
        assert_eq!(at("9999-12-31T23:59:59-00:00"), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn what_is_no_timestamp_is_refused_with_its_path() {
        for (value, reason) in [
            (
                r#""SECRET""#,
                "expected an RFC 3339 timestamp, found another string",
            ),
            (
                "1700000000",
                "expected an RFC 3339 timestamp, found an integer",
            ),
        ] {
            let text = format!(r#"[{{"at":{value}}}]"#);
            let failure = decode::<Vec<Run>>(text.as_bytes()).unwrap_err();
            assert_eq!(
                (failure.path.as_str(), failure.reason.as_str()),
                ("[0].at", reason)
            );
        }
    }
}
