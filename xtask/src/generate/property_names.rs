//! Restores the wire names of properties that the lowering renamed.

use serde_json::Value;
use syn::{Item, parse_quote};

use super::fields::{remove_serde, wire_name};
use crate::lower::PROPERTY_NAMES;

/// Renames the fields of renamed properties to their wire names.
pub(super) fn restore(items: &mut [Item], document: &Value) {
    for item in items {
        let Item::Struct(item) = item else {
            continue;
        };
        let schema = &document["components"]["schemas"][item.ident.to_string()];
        let Some(renamed) = schema[PROPERTY_NAMES].as_object() else {
            continue;
        };
        for field in &mut item.fields {
            let Some(ident) = &field.ident else {
                continue;
            };
            let name = wire_name(&field.attrs, ident);
            if let Some(wire) = renamed.get(&name).and_then(Value::as_str) {
                remove_serde(&mut field.attrs, "rename");
                field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn restores_wire_names() {
        let mut item: Item = parse_quote! {
            pub struct File {
                pub document: String,
                pub document2: String,
                #[serde(rename = "type_2", default)]
                pub type_2: String,
            }
        };
        let document = json!({"components": {"schemas": {"File": {
            PROPERTY_NAMES: {"document2": "document[]", "type_2": "Type"},
        }}}});
        restore(std::slice::from_mut(&mut item), &document);
        let expected: Item = parse_quote! {
            pub struct File {
                pub document: String,
                #[serde(rename = "document[]")]
                pub document2: String,
                #[serde(default)]
                #[serde(rename = "Type")]
                pub type_2: String,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
