//! Decodes timestamps with the runtime.
//!
//! Fields keep the type that progenitor chose, `chrono::DateTime<Utc>`. Its own decoder rejects a
//! timestamp without an offset, which the service has sent, and with it the whole response.

use syn::visit::Visit;
use syn::{Item, Type};

use super::fields::{deserialize_with, optional};

/// Sets the runtime's deserializer on every field in `items` that contains timestamps.
pub(super) fn read_leniently(items: &mut [Item]) {
    for item in items {
        let Item::Struct(item) = item else {
            continue;
        };
        for field in &mut item.fields {
            if holds(&field.ty, "DateTime") {
                let is_nullable = optional(&field.ty).is_some_and(|inner| holds(inner, "Nullable"));
                let function = if is_nullable {
                    "crate::runtime::timestamp::deserialize_nullable"
                } else {
                    "crate::runtime::timestamp::deserialize"
                };
                deserialize_with(field, function);
            }
        }
    }
}

fn holds(of: &Type, name: &'static str) -> bool {
    let mut finder = Finder { name, found: false };
    finder.visit_type(of);
    finder.found
}

struct Finder {
    name: &'static str,
    found: bool,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.found |= ident == self.name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens as _;

    #[test]
    fn sets_deserializer_on_timestamp_fields() {
        let mut item: Item = syn::parse_quote! {
            pub struct Run {
                pub at: ::chrono::DateTime<::chrono::offset::Utc>,
                pub seen: ::std::option::Option<::std::vec::Vec<::chrono::DateTime<::chrono::offset::Utc>>>,
                #[serde(default)]
                pub due: ::std::option::Option<crate::runtime::Nullable<::chrono::DateTime<::chrono::offset::Utc>>>,
                pub name: String,
            }
        };
        read_leniently(std::slice::from_mut(&mut item));
        let expected: Item = syn::parse_quote! {
            pub struct Run {
                #[serde(deserialize_with = "crate::runtime::timestamp::deserialize")]
                pub at: ::chrono::DateTime<::chrono::offset::Utc>,
                #[serde(default, deserialize_with = "crate::runtime::timestamp::deserialize")]
                pub seen: ::std::option::Option<::std::vec::Vec<::chrono::DateTime<::chrono::offset::Utc>>>,
                #[serde(default)]
                #[serde(deserialize_with = "crate::runtime::timestamp::deserialize_nullable")]
                pub due: ::std::option::Option<crate::runtime::Nullable<::chrono::DateTime<::chrono::offset::Utc>>>,
                pub name: String,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
