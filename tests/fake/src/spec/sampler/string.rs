//! Strings.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::spec::schema::Schema;

/// The characters that a string can contain, besides the limits of its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    Any,
    /// Any characters, but a valid path segment: not empty, `.` or `..`.
    PathSegment,
    /// Characters of a header value.
    Header,
}

/// Strings that expose errors in escaping, encoding and comparison.
const ANY: [&str; 12] = [
    "",
    " ",
    "invoice.pdf",
    "extr_01",
    "a b+c%20d&e=f#g?h/i\\j",
    "null",
    "0012",
    "\u{e4}\u{df}\u{2014}\u{6f22}\u{1f4c4}",
    "\"quoted\"\n\tand\u{7f}more\u{0}",
    "{\"json\": [1]}",
    "2024-02-30",
    "e\u{301}\u{202e}",
];

/// Path segments.
const PATH_SEGMENTS: [&str; 8] = [
    "wf_abc123xyz",
    "extr_01",
    "a/b",
    "a b+c%20d&e=f#g?h",
    "...",
    "\u{e4}\u{2014}\u{1f4c4}",
    "a:b;c,d@e",
    "~user-name_1.2",
];

/// Header values.
const HEADER_VALUES: [&str; 4] = ["key_1", "a b, c; d=\"e\"", "0", "~!#$%&'*+-.^_`|"];

/// The length of the longest string if the schema sets no limit.
const DEFAULT_MAX_LENGTH: usize = 300;

/// Draws a string for a schema without a format.
pub(super) fn draw(
    random: &mut Rng,
    schema: Schema<'_>,
    alphabet: Alphabet,
    use_limits: bool,
) -> String {
    let schema = schema.resolved();
    if let Some(pattern) = schema.node()["pattern"].as_str()
        && let Ok(pattern) = regex_syntax::parse(pattern)
    {
        let mut text = String::new();
        append_match(random, &pattern, use_limits, &mut text);
        return text;
    }
    let min = schema.size("minLength").unwrap_or(0);
    let max = schema.size("maxLength");
    if use_limits {
        let lengths = [
            min.max(usize::from(alphabet != Alphabet::Any)),
            max.unwrap_or(DEFAULT_MAX_LENGTH),
        ];
        return "x".repeat(lengths[random.usize(..2)]);
    }
    let texts: &[&str] = match alphabet {
        Alphabet::Any => &ANY,
        Alphabet::PathSegment => &PATH_SEGMENTS,
        Alphabet::Header => &HEADER_VALUES,
    };
    let mut text: String = texts[random.usize(..texts.len())].to_owned();
    let length = text.chars().count();
    if length < min {
        text.push_str(&"x".repeat(min - length));
    }
    match max {
        Some(max) => text.chars().take(max).collect(),
        None => text,
    }
}

/// Appends a string that matches a pattern.
fn append_match(random: &mut Rng, pattern: &Hir, use_limits: bool, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if !ranges.is_empty() {
                let range = ranges[random.usize(..ranges.len())];
                let codes = u32::from(range.start())..=u32::from(range.end());
                text.push(char::from_u32(random.u32(codes)).unwrap_or(range.start()));
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges = class.ranges();
            if !ranges.is_empty() {
                let range = ranges[random.usize(..ranges.len())];
                text.push(char::from(random.u8(range.start()..=range.end())));
            }
        }
        HirKind::Repetition(repetition) => {
            let max = repetition.max.unwrap_or(repetition.min + 40);
            let times = match (use_limits, random.bool()) {
                (true, true) => repetition.min,
                (true, false) => max,
                _ => random.u32(repetition.min..=max),
            };
            for _ in 0..times {
                append_match(random, &repetition.sub, use_limits, text);
            }
        }
        HirKind::Capture(capture) => append_match(random, &capture.sub, use_limits, text),
        HirKind::Concat(parts) => {
            for part in parts {
                append_match(random, part, use_limits, text);
            }
        }
        HirKind::Alternation(parts) => {
            let part = &parts[random.usize(..parts.len())];
            append_match(random, part, use_limits, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn drawn_string_matches_its_pattern() {
        let mut random = Rng::with_seed(1);
        let schema = json!({"type": "string", "pattern": "^rvr_[A-Z2-7]{26}$|^(x|yz)+$"});
        let schema = Schema::new(&schema, &schema);
        for use_limits in [true, false] {
            for _ in 0..50 {
                let text = draw(&mut random, schema, Alphabet::Any, use_limits);
                let is_id = text.strip_prefix("rvr_").is_some_and(|id| {
                    id.len() == 26
                        && id
                            .chars()
                            .all(|letter| matches!(letter, 'A'..='Z' | '2'..='7'))
                });
                let rest = text.replace("yz", "x").replace('x', "");
                assert!(is_id || (!text.is_empty() && rest.is_empty()), "{text}");
            }
        }
    }

    #[test]
    fn drawn_path_segment_is_never_empty_or_dots() {
        let mut random = Rng::with_seed(2);
        let schema = json!({"type": "string"});
        let schema = Schema::new(&schema, &schema);
        for index in 0..100 {
            let text = draw(&mut random, schema, Alphabet::PathSegment, index % 2 == 0);
            assert!(!["", ".", ".."].contains(&text.as_str()));
        }
    }
}
