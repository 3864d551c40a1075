//! Defaults are the service's to apply.
//!
//! The generator makes a field that has a default one that is always sent, with the default of the
//! day the crate was made, and refuses a default that does not fit its schema. A field that was
//! not set is not sent: so no default stays in the document.

use serde_json::Value;

use crate::document::{Order, for_each_schema_mut};

/// Drops every default.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("default");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn defaults_leave_but_not_the_property_of_that_name() {
        let mut document = json!({"components": {"schemas": {"Request": {
            "properties": {"default": {"type": "string", "default": "production"}},
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Request"],
            json!({"properties": {"default": {"type": "string"}}})
        );
    }
}
