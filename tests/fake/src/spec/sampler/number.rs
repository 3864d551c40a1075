//! Numbers within the limits of their schema.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::spec::schema::Schema;

/// Integers that break what keeps them in a float or in 32 bits.
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

/// Numbers that a float keeps.
const NUMBERS: [f64; 6] = [0.0, 0.5, -1.25, 1e-7, 1e21, 0.1];

pub(super) fn integer(random: &mut Rng, schema: Schema<'_>, at_edge: bool) -> Value {
    let (least, most) = limits(schema);
    // What a limit has behind its point is outside of it.
    #[allow(clippy::cast_possible_truncation, reason = "a float saturates")]
    let (least, most) = (
        least.map_or(i64::MIN, |least| least.ceil() as i64),
        most.map_or(i64::MAX, |most| most.floor() as i64),
    );
    if at_edge {
        return json!([least, most][random.usize(..2)]);
    }
    let chosen = INTEGERS[random.usize(..INTEGERS.len())];
    json!(if (least..=most).contains(&chosen) {
        chosen
    } else {
        random.i64(least..=most)
    })
}

pub(super) fn number(random: &mut Rng, schema: Schema<'_>, at_edge: bool) -> Value {
    let (least, most) = limits(schema);
    if at_edge {
        return json!([least.unwrap_or(-1.5e300), most.unwrap_or(1.5e300)][random.usize(..2)]);
    }
    let chosen = NUMBERS[random.usize(..NUMBERS.len())];
    json!(chosen.clamp(
        least.unwrap_or(f64::NEG_INFINITY),
        most.unwrap_or(f64::INFINITY)
    ))
}

fn limits(schema: Schema<'_>) -> (Option<f64>, Option<f64>) {
    let node = schema.resolved().node();
    (node["minimum"].as_f64(), node["maximum"].as_f64())
}
