//! Texts that fit a schema.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::schema::Schema;

/// Which characters a text may have, beside what its schema says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// All of them.
    Any,
    /// Any, but the text is one segment of a path.
    Segment,
    /// Those of a header.
    Header,
}

/// Texts that break what is not escaped, encoded or compared right.
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

/// Texts of a path's segment.
const SEGMENTS: [&str; 8] = [
    "wf_abc123xyz",
    "extr_01",
    "a/b",
    "a b+c%20d&e=f#g?h",
    "...",
    "\u{e4}\u{2014}\u{1f4c4}",
    "a:b;c,d@e",
    "~user-name_1.2",
];

/// Texts of a header.
const HEADERS: [&str; 4] = ["key_1", "a b, c; d=\"e\"", "0", "~!#$%&'*+-.^_`|"];

/// A longest text, where the schema sets no limit.
const LONG: usize = 300;

/// A text for a schema of the type `string` that has no format.
pub(super) fn draw(
    random: &mut Rng,
    schema: Schema<'_>,
    alphabet: Alphabet,
    at_edge: bool,
) -> String {
    let schema = schema.resolved();
    if let Some(pattern) = schema.node()["pattern"].as_str()
        && let Ok(pattern) = regex_syntax::parse(pattern)
    {
        let mut text = String::new();
        matching(random, &pattern, at_edge, &mut text);
        return text;
    }
    let least = schema.size("minLength").unwrap_or(0);
    let most = schema.size("maxLength");
    if at_edge {
        let lengths = [
            least.max(usize::from(alphabet != Alphabet::Any)),
            most.unwrap_or(LONG),
        ];
        return "x".repeat(lengths[random.usize(..2)]);
    }
    let texts: &[&str] = match alphabet {
        Alphabet::Any => &ANY,
        Alphabet::Segment => &SEGMENTS,
        Alphabet::Header => &HEADERS,
    };
    let mut text: String = texts[random.usize(..texts.len())].to_owned();
    let length = text.chars().count();
    if length < least {
        text.push_str(&"x".repeat(least - length));
    }
    match most {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

/// Appends a text that matches a pattern.
fn matching(random: &mut Rng, pattern: &Hir, at_edge: bool, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if !ranges.is_empty() {
                let range = ranges[random.usize(..ranges.len())];
                let of = u32::from(range.start())..=u32::from(range.end());
                text.push(char::from_u32(random.u32(of)).unwrap_or(range.start()));
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
            let most = repetition.max.unwrap_or(repetition.min + 40);
            let times = match (at_edge, random.bool()) {
                (true, true) => repetition.min,
                (true, false) => most,
                _ => random.u32(repetition.min..=most),
            };
            for _ in 0..times {
                matching(random, &repetition.sub, at_edge, text);
            }
        }
        HirKind::Capture(capture) => matching(random, &capture.sub, at_edge, text),
        HirKind::Concat(parts) => {
            for part in parts {
                matching(random, part, at_edge, text);
            }
        }
        HirKind::Alternation(parts) => {
            let part = &parts[random.usize(..parts.len())];
            matching(random, part, at_edge, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_matches_its_pattern() {
        let mut random = Rng::with_seed(1);
        let schema = json!({"type": "string", "pattern": "^rvr_[A-Z2-7]{26}$|^(x|yz)+$"});
        let schema = Schema::new(&schema, &schema);
        for at_edge in [true, false] {
            for _ in 0..50 {
                let text = draw(&mut random, schema, Alphabet::Any, at_edge);
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
    fn a_segment_is_never_empty_and_never_a_dot() {
        let mut random = Rng::with_seed(2);
        let schema = json!({"type": "string"});
        let schema = Schema::new(&schema, &schema);
        for at in 0..100 {
            let text = draw(&mut random, schema, Alphabet::Segment, at % 2 == 0);
            assert!(!["", ".", ".."].contains(&text.as_str()));
        }
    }
}
