//! The family of an operation, which names its module.

use super::names;

/// Returns the family of an operation, from its most specific tag or the first name in its path.
///
/// An underscore avoids collisions with sibling modules and with crates that generated code names.
pub(crate) fn family_of(tag: Option<&str>, path: &str) -> String {
    let segments = || path.split('/').filter(|segment| !segment.is_empty());
    let family = tag.or_else(|| segments().find(|segment| !is_version(segment)));
    let name = names::value_name(family.or_else(|| segments().next()).unwrap_or("root"));
    match name.as_str() {
        "builder" | "serde_json" | "std" | "core" | "alloc" => format!("{name}_"),
        _ => name,
    }
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|number| number.parse::<u32>().is_ok())
}
