//! The names that generated items get: one rule for types, one for functions and modules.
//!
//! The rules are those of the generator beneath, so that a component keeps, in the tokens that it
//! prints, exactly the name that a pass gave it here.

use std::collections::HashSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// Names of Rust's prelude, which the code around a type means by them, and the parameter of its conversions.
#[rustfmt::skip]
pub(crate) const PRELUDE: [&str; 35] = [
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "Drop", "Eq", "Err", "Fn", "FnMut", "FnOnce",
    "From", "Hash", "Into", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Send",
    "Sized", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "V", "Vec",
];

/// The name of a type: `MIMEData` becomes `MimeData`.
///
/// The generator beneath makes a name of the name once more, so what comes out here is what it leaves alone: `i_d` is
/// `Id`, and not `ID`.
pub(crate) fn type_name(raw: &str) -> String {
    let cased = |raw: &str| identifier(&spelled_out(raw).to_pascal_case(), "X");
    let mut name = cased(raw);
    loop {
        let again = cased(&name);
        // Every further round has fewer words, so that there is a last one.
        if again == name || words(&again).len() >= words(&name).len() {
            return again;
        }
        name = again;
    }
}

/// The name of a function, a field or a module: `Idempotency-Key` becomes `idempotency_key`.
pub(crate) fn value_name(raw: &str) -> String {
    identifier(&spelled_out(raw).to_snake_case(), "x")
}

/// The name of a constant: `list_runs` becomes `LIST_RUNS`.
pub(crate) fn constant_name(raw: &str) -> String {
    identifier(&spelled_out(raw).to_shouty_snake_case(), "X")
}

/// The words of a name, in lower case: `WorkflowRun` is `workflow`, `run`.
pub(crate) fn words(raw: &str) -> Vec<String> {
    spelled_out(raw)
        .to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One item's word for a word that names several: `predicates` is `predicate`.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// `taken(name)` is asked until it says no: the name, then the name with 2, 3 and so on.
pub(crate) fn first_free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let mut number = 2;
    loop {
        let candidate = format!("{name}{number}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// A name for each of `raw`, in their order: no two are the same, and none is reserved.
///
/// What is spelled in the way of `cased` keeps its name. The others give way to it and get a number, in the order of
/// the alphabet, so that the order in which a document lists them does not matter.
pub(crate) fn assign(raw: &[&str], cased: fn(&str) -> String, reserved: &[&str]) -> Vec<String> {
    let wanted: Vec<String> = raw.iter().map(|raw| cased(raw)).collect();
    let mut order: Vec<usize> = (0..raw.len()).collect();
    order.sort_by_key(|index| (wanted[*index] != raw[*index], raw[*index], *index));
    let mut names = vec![String::new(); raw.len()];
    let mut taken: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    for index in order {
        let name = first_free(&wanted[index], |name| taken.contains(&cased(name)));
        let name = cased(&name);
        taken.insert(name.clone());
        names[index] = name;
    }
    names
}

fn spelled_out(raw: &str) -> String {
    match raw {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => raw
            .chars()
            .filter(|character| *character != '\'')
            .map(|character| {
                if unicode_ident::is_xid_continue(character) {
                    character
                } else {
                    '-'
                }
            })
            .collect(),
    }
}

fn identifier(cased: &str, prefix: &str) -> String {
    let name = match cased.chars().next() {
        None => prefix.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => cased.to_owned(),
        Some(_) => format!("{prefix}{cased}"),
    };
    // A keyword of the edition of 2024, which syn takes for a name.
    if name != "gen" && syn::parse_str::<syn::Ident>(&name).is_ok() {
        name
    } else {
        format!("{name}_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_pascal_case_and_identifiers() {
        assert_eq!(type_name("MIMEData"), "MimeData");
        assert_eq!(type_name("HTTPValidationError"), "HttpValidationError");
        assert_eq!(type_name("3d-model"), "X3dModel");
        assert_eq!(type_name("Self"), "Self_");
        assert_eq!(type_name(""), "X");
        for raw in ["i_d", "A_B_C", "ß", "a b c D", "_", "x_1_y"] {
            let name = type_name(raw);
            assert_eq!(type_name(&name), name, "{raw}");
        }
        assert_eq!(type_name("i_d"), "Id");
    }

    #[test]
    fn values_are_snake_case_and_no_keywords() {
        assert_eq!(value_name("Idempotency-Key"), "idempotency_key");
        assert_eq!(value_name("type"), "type_");
        assert_eq!(value_name("document[]"), "document");
        assert_eq!(value_name("self"), "self_");
        assert_eq!(value_name("gen"), "gen_");
    }

    #[test]
    fn one_of_several() {
        assert_eq!(singular("predicates"), "predicate");
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("classes"), "class");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("analysis"), "analysis");
        assert_eq!(singular("handle_inputs"), "handle_input");
    }

    #[test]
    fn names_do_not_depend_on_the_order_of_what_they_are_for() {
        let assigned = |raw: &[&str]| assign(raw, value_name, &["send"]);
        assert_eq!(
            assigned(&["document[]", "Document", "document", "send"]),
            ["document3", "document2", "document", "send2"]
        );
        assert_eq!(
            assigned(&["send", "document", "Document", "document[]"]),
            ["send2", "document", "document2", "document3"]
        );
        assert_eq!(assigned(&["a", "a"]), ["a", "a2"]);
        // `Self_2` would be `Self2` to the generator.
        let types = assign(&["self", "Self", "Self2"], type_name, &[]);
        assert_eq!(types, ["Self3", "Self_", "Self2"]);
    }

    #[test]
    fn a_taken_name_is_counted_on() {
        assert_eq!(
            first_free("Run", |name| name == "Run" || name == "Run2"),
            "Run3"
        );
    }
}
