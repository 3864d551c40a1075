//! A value that an enum lists twice is one value.

use serde_json::Value;

use super::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Keeps the first of equal values.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else {
            return;
        };
        let mut distinct: Vec<Value> = Vec::new();
        for (index, value) in values.drain(..).enumerate() {
            if distinct.contains(&value) {
                let place = pointer.join("enum").join(index);
                repairs.note(&place, "the value is listed before: left out");
            } else {
                distinct.push(value);
            }
        }
        *values = distinct;
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn the_first_of_equal_values_stays() {
        let (schema, notes) =
            repaired_schema(repair, json!({"enum": ["asc", "desc", "asc", null, null]}));
        assert_eq!(schema, json!({"enum": ["asc", "desc", null]}));
        assert_eq!(
            notes,
            [
                "/components/schemas/X/enum/2: the value is listed before: left out",
                "/components/schemas/X/enum/4: the value is listed before: left out",
            ]
        );
    }
}
