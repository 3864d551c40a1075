//! Timestamps in the formats that services use.

use fastrand::Rng;

/// A timestamp format: the separator of date and time, and the text after the seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    pub(super) name: &'static str,
    separator: char,
    suffix: &'static str,
}

const fn format(name: &'static str, separator: char, suffix: &'static str) -> Format {
    Format {
        name,
        separator,
        suffix,
    }
}

/// Four formats of RFC 3339, then two invalid ones without an offset.
const FORMATS: [Format; 6] = [
    format("in UTC", 'T', "Z"),
    format("with a fraction", 'T', ".123456Z"),
    format("east of Greenwich", 'T', "+05:30"),
    format("west of Greenwich", 'T', ".5-08:00"),
    format("without an offset", 'T', ".123456"),
    format("without an offset, separated by a space", ' ', ""),
];

/// Returns the valid formats, or all of them.
pub(super) fn formats(include_invalid: bool) -> &'static [Format] {
    if include_invalid {
        &FORMATS
    } else {
        &FORMATS[..4]
    }
}

pub(super) fn draw(random: &mut Rng, format: Format) -> String {
    format!(
        "{}-{:02}-{:02}{}{:02}:{:02}:{:02}{}",
        random.u32(1970..2100),
        random.u32(1..=12),
        random.u32(1..=28),
        format.separator,
        random.u32(..24),
        random.u32(..60),
        random.u32(..60),
        format.suffix
    )
}
