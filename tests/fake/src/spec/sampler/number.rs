//! Numbers.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::spec::schema::Schema;

/// Integers, some of which do not fit an `f64` or 32 bits.
const INTEGERS: [i64; 8] = [
    0,
    1,
    -1,
    20,
    5_000_000_000,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    1_700_000_000,
];

/// Numbers that round-trip through an `f64`.
const NUMBERS: [f64; 6] = [0.0, 0.5, -1.25, 1e-7, 1e21, 0.1];

pub(super) fn integer(random: &mut Rng, schema: Schema<'_>, use_limits: bool) -> Value {
    let (min, max) = limits(schema);
    #[allow(clippy::cast_possible_truncation, reason = "a float saturates")]
    let (min, max) = (
        min.map_or(i64::MIN, |min| min.ceil() as i64),
        max.map_or(i64::MAX, |max| max.floor() as i64),
    );
    if use_limits {
        return json!([min, max][random.usize(..2)]);
    }
    let chosen = INTEGERS[random.usize(..INTEGERS.len())];
    json!(if (min..=max).contains(&chosen) {
        chosen
    } else {
        random.i64(min..=max)
    })
}

pub(super) fn number(random: &mut Rng, schema: Schema<'_>, use_limits: bool) -> Value {
    let (min, max) = limits(schema);
    if use_limits {
        return json!([min.unwrap_or(-1.5e300), max.unwrap_or(1.5e300)][random.usize(..2)]);
    }
    let chosen = NUMBERS[random.usize(..NUMBERS.len())];
    json!(chosen.clamp(
        min.unwrap_or(f64::NEG_INFINITY),
        max.unwrap_or(f64::INFINITY)
    ))
}

fn limits(schema: Schema<'_>) -> (Option<f64>, Option<f64>) {
    let node = schema.resolved().node();
    (node["minimum"].as_f64(), node["maximum"].as_f64())
}
