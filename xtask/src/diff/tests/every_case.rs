//! Checks of every case, against the expected report and the generated code.

use serde_json::{Value, json};

use super::cases::cases;
use super::changes::changes;
use super::edits::changed;
use super::fixture::document;
use super::surface::surface;
use crate::diff::change::{Class, Effect, Kind};

#[test]
fn reports_only_the_change_with_its_effect() {
    let old = document();
    let mut wrong = Vec::new();
    for (name, change, mut expected) in cases() {
        let mut found = changes(&old, &changed(change));
        expected.sort();
        found.sort();
        let found: Vec<_> = found
            .iter()
            .map(|(kind, effect, place)| (*kind, *effect, place.as_str()))
            .collect();
        if found != expected {
            wrong.push((name, found.len(), format!("{found:?}, not {expected:?}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn identical_specs_have_no_changes() {
    for (name, change, _) in cases() {
        let document = changed(change);
        // Reorders keys and changes prose, so that the specs are not equal byte by byte.
        let mut other = document.clone();
        let paths = other["paths"].as_object_mut().unwrap();
        *paths = std::mem::take(paths).into_iter().rev().collect();
        other["info"]["description"] = json!("not equal");
        assert_eq!(changes(&document, &other), [], "{name}");
    }
}

#[test]
fn reversed_comparison_reports_opposite_kinds() {
    let old = document();
    for (name, change, _) in cases() {
        let new = changed(change);
        let kinds = |from: &Value, to: &Value, turned: bool| {
            let found = changes(from, to).into_iter();
            let turn = |kind: Kind| if turned { opposite(kind) } else { kind };
            let mut kinds: Vec<Kind> = found.map(|(kind, ..)| turn(kind)).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds(&old, &new, false), kinds(&new, &old, true), "{name}");
    }
}

fn opposite(kind: Kind) -> Kind {
    let pairs = [
        (Kind::SecuritySchemeAdded, Kind::SecuritySchemeRemoved),
        (Kind::ReferenceBroken, Kind::ReferenceFixed),
        (Kind::OperationAdded, Kind::OperationRemoved),
        (Kind::ParameterAdded, Kind::ParameterRemoved),
        (Kind::ParameterRequired, Kind::ParameterOptional),
        (Kind::BodyAdded, Kind::BodyRemoved),
        (Kind::BodyRequired, Kind::BodyOptional),
        (Kind::BodyMediaTypeAdded, Kind::BodyMediaTypeRemoved),
        (Kind::StatusAdded, Kind::StatusRemoved),
        (Kind::ResponseMediaTypeAdded, Kind::ResponseMediaTypeRemoved),
        (Kind::TypeAdded, Kind::TypeRemoved),
        (Kind::PropertyAdded, Kind::PropertyRemoved),
        (Kind::PropertyRequired, Kind::PropertyOptional),
        (Kind::NullAllowed, Kind::NullForbidden),
        (Kind::EnumValueAdded, Kind::EnumValueRemoved),
        (Kind::VariantAdded, Kind::VariantRemoved),
    ];
    let other = pairs.iter().find_map(|&(one, other)| match kind {
        _ if kind == one => Some(other),
        _ if kind == other => Some(one),
        _ => None,
    });
    other.unwrap_or(kind)
}

/// The reported effects match the differences between the generated crates, in both directions.
#[test]
fn effects_match_generated_code() {
    let old = document();
    let before = surface(&old);
    let mut wrong = Vec::new();
    for (name, change, _) in cases() {
        let new = changed(change);
        let after = surface(&new);
        for (from, to, from_items, to_items) in
            [(&old, &new, &before, &after), (&new, &old, &after, &before)]
        {
            let effects: Vec<Effect> = changes(from, to).iter().map(|change| change.1).collect();
            let lost: Vec<_> = from_items.difference(to_items).collect();
            let won: Vec<_> = to_items.difference(from_items).collect();
            let fails_to_compile = effects.iter().any(|effect| {
                let refused = [
                    Effect::NewlyRequired,
                    Effect::Unauthorized,
                    Effect::Rejected,
                ];
                effect.class() == Class::Breaking && !refused.contains(effect)
            });
            let changes_code = effects.iter().any(|effect| effect.class() != Class::None);
            if fails_to_compile == lost.is_empty()
                || (!changes_code && !won.is_empty())
                || (effects.contains(&Effect::New) && won.is_empty())
            {
                wrong.push(format!(
                    "{name}: {effects:?}, removed {lost:#?}, added {won:#?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
