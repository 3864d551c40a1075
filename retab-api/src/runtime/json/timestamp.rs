//! RFC 3339 timestamps. Timestamps without an offset are UTC.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use indexmap::IndexMap;
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::nullable::Nullable;

/// Decodes a timestamp or a container of timestamps.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: Timestamps>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::Wire::deserialize(deserializer).map(T::from_wire)
}

/// Decodes a nullable timestamp or a nullable container of timestamps.
pub(crate) fn deserialize_nullable<'de, D: Deserializer<'de>, T: Timestamps>(
    deserializer: D,
) -> Result<Option<Nullable<T>>, D::Error> {
    let wire = Option::<T::Wire>::deserialize(deserializer)?;
    Ok(Some(wire.map_or(Nullable::Null, |wire| {
        Nullable::Value(T::from_wire(wire))
    })))
}

/// A timestamp or a container of timestamps.
pub(crate) trait Timestamps: Sized {
    /// The type used for decoding.
    type Wire: DeserializeOwned;

    /// Converts from the decoded type.
    fn from_wire(wire: Self::Wire) -> Self;
}

impl Timestamps for DateTime<Utc> {
    type Wire = Timestamp;

    fn from_wire(wire: Timestamp) -> Self {
        wire.0
    }
}

impl<T: Timestamps> Timestamps for Option<T> {
    type Wire = Option<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.map(T::from_wire)
    }
}

impl<T: Timestamps> Timestamps for Nullable<T> {
    type Wire = Nullable<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        match wire {
            Nullable::Null => Self::Null,
            Nullable::Value(wire) => Self::Value(T::from_wire(wire)),
        }
    }
}

impl<T: Timestamps> Timestamps for Vec<T> {
    type Wire = Vec<T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<T: Timestamps> Timestamps for IndexMap<String, T> {
    type Wire = IndexMap<String, T::Wire>;

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter()
            .map(|(key, value)| (key, T::from_wire(value)))
            .collect()
    }
}

/// A decoded timestamp.
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

/// The years allowed by RFC 3339. chrono serializes other years in a form that it cannot parse.
const YEARS: RangeInclusive<i32> = 0..=9999;

fn read(text: &str) -> Option<DateTime<Utc>> {
    read_any(text).filter(|timestamp| YEARS.contains(&timestamp.year()))
}

fn read_any(text: &str) -> Option<DateTime<Utc>> {
    if let Some(timestamp) = read_common(text) {
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

/// Parses the most common format, such as `2026-08-16T10:00:00.123456Z`, many times faster than chrono. Returns `None` for
/// all other formats.
fn read_common(text: &str) -> Option<DateTime<Utc>> {
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

/// Parses at most nine decimal digits.
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
    fn accepts_any_offset_and_defaults_to_utc() {
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

    #[test]
    fn parses_the_common_format_like_chrono() {
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
    fn decodes_containers_of_timestamps() {
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

    /// Without an offset, chrono parses signed years, but it cannot parse its own serialization of them.
    #[test]
    fn rejects_years_without_four_digits() {
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
    fn rejects_invalid_timestamps_with_their_path() {
        for (value, reason) in [
            (
                r#""SECRET""#,
                "expected an RFC 3339 timestamp, found an invalid string",
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
