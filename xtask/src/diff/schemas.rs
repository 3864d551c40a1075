//! The comparison of schemas.

use serde_json::Value;

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site};
use super::form::{Form, describe, is_enum, is_nullable, scalar_type};
use super::revision::component;
use super::structure;
use crate::lower::names;

/// The keywords that restrict values without affecting their type.
const LIMITS: [&str; 14] = [
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "contentMediaType",
];

/// The maximum number of comparisons of a pair of places outside of the components.
const VISITS: usize = 64;

impl<'a> Comparison<'a> {
    /// Compares two schemas, except for nullability and defaults, which the caller compares.
    pub(super) fn schemas(&mut self, old: &'a Value, new: &'a Value, site: &Site) {
        let names = (component(old), component(new));
        match &names {
            (Some(old), Some(new)) if self.types.are_one(old, new) => return,
            _ => {}
        }
        let (Some((old_target, old_place)), Some((new_target, new_place))) = (
            self.old.target(old, &site.old),
            self.new.target(new, &site.new),
        ) else {
            if old.get("$ref") != new.get("$ref") {
                self.retyped(old, new, site);
            }
            return;
        };
        if names == (None, None) {
            // A reference to a place outside of the components is equivalent to its target.
            let site = Site {
                old: old_place.clone(),
                new: new_place.clone(),
                ..site.clone()
            };
            let pair = (old_place, new_place);
            let visits = self.visits.entry(pair.clone()).or_default();
            *visits += 1;
            if *visits <= VISITS && self.open.insert(pair.clone()) {
                self.forms(old_target, new_target, &site);
                self.open.remove(&pair);
            }
            return;
        }
        let is_equal = structure::is_same(self, old, new);
        if is_equal || Self::is_comparable(&names, old_target, new_target) {
            self.renamed(&names, [old, new], [old_target, new_target], site);
        } else {
            self.retyped(old, new, site);
        }
        let pair = (old_place.clone(), new_place.clone());
        if !is_equal
            && Self::is_comparable(&names, old_target, new_target)
            && self.open.insert(pair.clone())
        {
            let within = Site {
                old: old_place,
                new: new_place,
                ..site.clone()
            };
            self.forms(old_target, new_target, &within);
            self.open.remove(&pair);
        }
    }

    /// Returns whether the parts of a type that moved into or out of the components should be compared.
    fn is_comparable(names: &(Option<String>, Option<String>), old: &Value, new: &Value) -> bool {
        let (old, new) = (Form::of(old), Form::of(new));
        names.0.is_some() != names.1.is_some()
            && old.has_type()
            && std::mem::discriminant(&old) == std::mem::discriminant(&new)
    }

    /// Reports a different component, or a move between component and inline schema.
    fn renamed(
        &mut self,
        names: &(Option<String>, Option<String>),
        [old, new]: [&Value; 2],
        targets: [&Value; 2],
        site: &Site,
    ) {
        // An inline type is named after its place, unless it occurs in several places.
        let rust_name =
            |name: &Option<String>| names::type_name(name.as_deref().unwrap_or(&site.place));
        let is_alias =
            |name: &Option<String>, target: &Value| name.is_none() && !Form::of(target).has_type();
        let effect = if rust_name(&names.0) == rust_name(&names.1) {
            Effect::Nothing
        } else if is_alias(&names.0, targets[0]) || is_alias(&names.1, targets[1]) {
            Effect::Retyped
        } else {
            Effect::Renamed
        };
        let effect = site.effect(effect);
        let said = (describe(old), describe(new));
        self.push(
            Kind::TypeChanged,
            effect,
            site,
            Side::Both,
            Some(said.0),
            Some(said.1),
        );
    }

    fn retyped(&mut self, old: &Value, new: &Value, site: &Site) {
        let effect = site.effect(Effect::Retyped);
        let said = (describe(old), describe(new));
        self.push(
            Kind::TypeChanged,
            effect,
            site,
            Side::Both,
            Some(said.0),
            Some(said.1),
        );
    }

    fn forms(&mut self, old: &'a Value, new: &'a Value, site: &Site) {
        if old == new {
            return;
        }
        match (Form::of(old), Form::of(new)) {
            (Form::Values(olds), Form::Values(news)) => self.values(&olds, &news, [old, new], site),
            (Form::Values(_), _) | (_, Form::Values(_)) => self.value_or_type(old, new, site),
            (Form::List(olds), Form::List(news)) => {
                let within = site.within(format!("{}[]", site.place), &["items"]);
                self.contents(olds, news, [old, new], &within);
            }
            (Form::Map(olds), Form::Map(news)) => {
                let within = site.within(format!("{}{{}}", site.place), &["additionalProperties"]);
                self.contents(olds, news, [old, new], &within);
            }
            (Form::Object, Form::Object) => self.properties(old, new, site),
            (Form::Union(_), Form::Union(_)) => self.unions(old, new, site),
            (one, other) if one == other => self.scalars(old, new, site),
            _ => self.retyped(old, new, site),
        }
        self.limits(old, new, site);
    }

    fn scalars(&mut self, old: &Value, new: &Value, site: &Site) {
        let format = |schema: &Value| {
            let format = schema.get("format").and_then(Value::as_str);
            format.map(str::to_owned)
        };
        if format(old) != format(new) {
            let retyped = scalar_type(old) != scalar_type(new);
            let effect = if retyped {
                Effect::Retyped
            } else {
                Effect::Nothing
            };
            let effect = site.effect(effect);
            self.push(
                Kind::FormatChanged,
                effect,
                site,
                Side::Both,
                format(old),
                format(new),
            );
        }
    }

    /// Compares the items of arrays or the values of maps.
    fn contents(
        &mut self,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
        around: [&'a Value; 2],
        site: &Site,
    ) {
        match (old, new) {
            (Some(old), Some(new)) => {
                self.null(old, new, site, Effect::Retyped);
                self.schemas(old, new, site);
            }
            (None, None) => {}
            _ if describe(around[0]) == describe(around[1]) => {}
            _ => {
                let site = Site {
                    old: site.old.parent().unwrap_or_default(),
                    new: site.new.parent().unwrap_or_default(),
                    ..site.clone()
                };
                self.retyped(around[0], around[1], &site);
            }
        }
    }

    /// Reports a change in nullability with `effect`.
    pub(super) fn null(&mut self, old: &Value, new: &Value, site: &Site, effect: Effect) {
        match (is_nullable(old), is_nullable(new)) {
            (false, true) => {
                self.push(
                    Kind::NullAllowed,
                    site.effect(effect),
                    site,
                    Side::Both,
                    None,
                    None,
                );
            }
            (true, false) => {
                self.push(
                    Kind::NullForbidden,
                    site.effect(effect),
                    site,
                    Side::Both,
                    None,
                    None,
                );
            }
            _ => {}
        }
    }

    fn values(&mut self, olds: &[&Value], news: &[&Value], around: [&Value; 2], site: &Site) {
        let [old_type, new_type] = around.map(scalar_type);
        let retyped = old_type != new_type;
        if let ([old], [new]) = (olds, news) {
            if old != new {
                let effect = if retyped {
                    Effect::Retyped
                } else {
                    Effect::Nothing
                };
                let said = (Some(old.to_string()), Some(new.to_string()));
                let effect = site.effect(effect);
                self.push(
                    Kind::ConstantChanged,
                    effect,
                    site,
                    Side::Both,
                    said.0,
                    said.1,
                );
            }
            return;
        }
        let effect = |known: Effect| {
            site.effect(match (retyped, is_enum(olds)) {
                (true, _) => Effect::Retyped,
                (false, true) => known,
                (false, false) => Effect::Nothing,
            })
        };
        for value in olds.iter().filter(|value| !news.contains(value)) {
            let said = Some(value.to_string());
            self.push(
                Kind::EnumValueRemoved,
                effect(Effect::Gone),
                site,
                Side::Both,
                said,
                None,
            );
        }
        for value in news.iter().filter(|value| !olds.contains(value)) {
            let said = Some(value.to_string());
            self.push(
                Kind::EnumValueAdded,
                effect(Effect::New),
                site,
                Side::Both,
                None,
                said,
            );
        }
    }

    /// Compares listed values with a type that allows any value, in either order.
    fn value_or_type(&mut self, old: &Value, new: &Value, site: &Site) {
        if scalar_type(old) == scalar_type(new) {
            let said = (Some(describe(old)), Some(describe(new)));
            let effect = site.effect(Effect::Nothing);
            self.push(
                Kind::ConstantChanged,
                effect,
                site,
                Side::Both,
                said.0,
                said.1,
            );
        } else {
            self.retyped(old, new, site);
        }
    }

    fn limits(&mut self, old: &Value, new: &Value, site: &Site) {
        let (before, after) = (limits_of(old), limits_of(new));
        if before != after {
            let effect = site.effect(Effect::Nothing);
            self.push(Kind::LimitsChanged, effect, site, Side::Both, before, after);
        }
    }
}

fn limits_of(schema: &Value) -> Option<String> {
    let limits: Vec<String> = LIMITS
        .iter()
        .filter_map(|keyword| Some(format!("{keyword} {}", schema.get(*keyword)?)))
        .collect();
    (!limits.is_empty()).then(|| limits.join(", "))
}
