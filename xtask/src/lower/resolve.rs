//! Reference resolution.

use serde_json::Value;

use crate::document::Pointer;

/// Follows references from `node` and returns the target.
///
/// Returns the last reference if it is dangling or circular.
pub(crate) fn referenced<'a>(document: &'a Value, node: &'a Value) -> &'a Value {
    let mut seen = Vec::new();
    let mut current = node;
    while let Some(reference) = current.get("$ref").and_then(Value::as_str) {
        let target = Pointer::from_reference(reference).and_then(|pointer| pointer.find(document));
        match target {
            Some(target) if !seen.contains(&reference) => {
                seen.push(reference);
                current = target;
            }
            _ => break,
        }
    }
    current
}

/// Follows references from `node` and returns the place of the target.
///
/// Returns `None` if `node` is not a reference or if a reference is dangling or circular.
pub(crate) fn referenced_at(document: &Value, node: &Value) -> Option<Pointer> {
    let mut seen: Vec<Pointer> = Vec::new();
    let mut current = node;
    while let Some(reference) = current.get("$ref").and_then(Value::as_str) {
        let target = Pointer::from_reference(reference)?;
        if seen.contains(&target) {
            return None;
        }
        current = target.find(document)?;
        seen.push(target);
    }
    seen.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn follows_references_and_stops_at_cycles() {
        let document = json!({"components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"type": "string"},
            "C": {"$ref": "#/components/schemas/C"},
        }}});
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        assert_eq!(
            referenced(&document, &reference("A")),
            &json!({"type": "string"})
        );
        assert_eq!(referenced(&document, &reference("C")), &reference("C"));
        assert_eq!(referenced(&document, &reference("D")), &reference("D"));
        let place = |name: &str| {
            let place = referenced_at(&document, &reference(name));
            place.map(|place| place.to_string())
        };
        assert_eq!(place("A").as_deref(), Some("/components/schemas/B"));
        assert_eq!((place("C"), place("D")), (None, None));
        assert_eq!(referenced_at(&document, &json!({})), None);
    }
}
