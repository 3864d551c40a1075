//! Arbitrary JSON values.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Property names: unsorted, and some with a meaning elsewhere.
const NAMES: [&str; 8] = [
    "zeta",
    "alpha",
    "$ref",
    "type",
    "spec[]",
    "",
    "\u{e4} b",
    "X-SystemPrompt",
];

/// The maximum nesting depth.
const MAX_DEPTH: usize = 9;

/// Draws any JSON value.
pub(super) fn draw(random: &mut Rng, depth: usize) -> Value {
    match random.u8(..if depth < MAX_DEPTH { 10 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(9_007_199_254_740_993_i64),
        3 => json!(-1.5),
        4 => json!(i64::MIN),
        5 => json!(""),
        6 => json!("2024-01-15T10:30:00+02:00"),
        7 => json!({}),
        8 => json!([draw(random, depth + 2), draw(random, depth + 2)]),
        _ => {
            let object: Map<String, Value> = names(random)
                .into_iter()
                .map(|name| (name.to_owned(), draw(random, depth + 2)))
                .collect();
            Value::Object(object)
        }
    }
}

/// Draws two property names, in any order.
pub(super) fn names(random: &mut Rng) -> Vec<&'static str> {
    random.choose_multiple(NAMES, 2)
}
