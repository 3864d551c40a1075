//! Drops duplicate enum values.

use serde_json::Value;

use super::notes::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Drops all but the first of equal enum values.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else {
            return;
        };
        let mut distinct: Vec<Value> = Vec::new();
        for (index, value) in values.drain(..).enumerate() {
            if distinct.contains(&value) {
                let place = pointer.join("enum").join(index);
                repairs.note(&place, "duplicate value; dropped");
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

    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn drops_duplicate_values() {
        let (schema, notes) =
            repaired_schema(repair, json!({"enum": ["asc", "desc", "asc", null, null]}));
        assert_eq!(schema, json!({"enum": ["asc", "desc", null]}));
        assert_eq!(
            notes,
            [
                "/components/schemas/X/enum/2: duplicate value; dropped",
                "/components/schemas/X/enum/4: duplicate value; dropped",
            ]
        );
    }
}
