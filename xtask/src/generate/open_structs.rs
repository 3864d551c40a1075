//! Makes every struct accept unknown and absent fields, and marks it `#[non_exhaustive]`.
//!
//! The lowering closes objects without properties so that progenitor emits structs for them instead
//! of maps. This pass removes the resulting `deny_unknown_fields`. It also removes the deserializer
//! that rejects an absent field which is required and nullable: absence decodes as null.
//!
//! The service adds fields all the time. `#[non_exhaustive]` keeps those additions from breaking
//! callers.

use syn::{Item, parse_quote};

use super::fields::remove_serde;

/// Opens every struct in `items`.
pub(super) fn open(items: &mut [Item]) {
    for item in items {
        if let Item::Struct(item) = item {
            remove_serde(&mut item.attrs, "deny_unknown_fields");
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            for field in &mut item.fields {
                remove_serde(&mut field.attrs, "deserialize_with");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_structs_and_keeps_other_attributes() {
        let file: syn::File = parse_quote! {
            #[derive(Clone)]
            #[serde(deny_unknown_fields)]
            pub struct Empty {}
            #[serde(rename_all = "snake_case")]
            pub struct Other {
                #[serde(rename = "type")]
                pub type_: String,
                #[serde(rename = "at", deserialize_with = "::std::option::Option::deserialize")]
                pub ended: ::std::option::Option<i64>,
            }
        };
        let mut items = file.items;
        open(&mut items);
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        assert!(!printed.contains("deny_unknown_fields"), "{printed}");
        assert!(
            printed.contains("#[serde(rename = \"at\")]\n    pub ended"),
            "{printed}"
        );
        assert_eq!(printed.matches("#[non_exhaustive]").count(), 2, "{printed}");
        assert!(
            printed.contains("#[serde(rename_all = \"snake_case\")]"),
            "{printed}"
        );
        assert!(printed.contains("#[serde(rename = \"type\")]"), "{printed}");
    }
}
