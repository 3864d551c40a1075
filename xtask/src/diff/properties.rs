//! The comparison of objects.

use serde_json::{Map, Value};

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site};
use super::form::{describe, is_nullable, is_required};
use crate::lower::names;

/// The attributes that determine whether the field of a property is an `Option`.
#[derive(Clone, Copy)]
struct Presence<'a> {
    required: bool,
    nullable: bool,
    default: Option<&'a Value>,
}

impl<'a> Presence<'a> {
    fn of(object: &Value, name: &str, schema: &'a Value) -> Self {
        Self {
            required: is_required(object, name),
            nullable: is_nullable(schema),
            default: schema.get("default"),
        }
    }

    fn is_option(self) -> bool {
        !self.required || self.nullable || self.default.is_some()
    }
}

impl<'a> Comparison<'a> {
    /// Compares two objects property by property.
    pub(super) fn properties(&mut self, old: &'a Value, new: &'a Value, site: &Site) {
        let (olds, news) = (properties(old), properties(new));
        for (name, before) in olds.into_iter().flatten() {
            if let Some((renamed, after)) = counterpart(name, olds, news) {
                self.one_property((old, name, before), (new, renamed, after), site);
            } else {
                let site = site.within(place(site, name), &["properties", name]);
                let effect = site.effect(Effect::Gone);
                let said = Some(describe(before));
                self.push(Kind::PropertyRemoved, effect, &site, Side::Old, said, None);
            }
        }
        for (name, after) in news.into_iter().flatten() {
            if counterpart(name, news, olds).is_none() {
                let within = site.within(place(site, name), &["properties", name]);
                let is_missed = site.role.request && !Presence::of(new, name, after).is_option();
                let effect = if is_missed {
                    Effect::NewlyRequired
                } else {
                    Effect::New
                };
                let effect = site.effect(effect);
                let said = Some(describe(after));
                self.push(Kind::PropertyAdded, effect, &within, Side::New, None, said);
            }
        }
        self.extra_properties(old, new, site);
    }

    fn one_property(
        &mut self,
        (old, old_name, before): (&'a Value, &str, &'a Value),
        (new, new_name, after): (&'a Value, &str, &'a Value),
        site: &Site,
    ) {
        let mut within = site.within(place(site, new_name), &["properties"]);
        within.old = within.old.join(old_name);
        within.new = within.new.join(new_name);
        if old_name != new_name {
            let effect = site.effect(Effect::OnTheWire);
            let said = (Some(old_name.to_owned()), Some(new_name.to_owned()));
            self.push(
                Kind::PropertyRenamed,
                effect,
                &within,
                Side::Both,
                said.0,
                said.1,
            );
        }
        self.presence(
            Presence::of(old, old_name, before),
            Presence::of(new, new_name, after),
            &within,
            site.role.patch,
        );
        self.schemas(before, after, &within);
    }

    /// Compares whether a property is required, nullable and has a default.
    fn presence(&mut self, old: Presence<'_>, new: Presence<'_>, site: &Site, is_patch: bool) {
        let flip = (old.is_option(), new.is_option());
        let role = site.role;
        // Only a change in the direction of the flip contributes to its effect.
        let effect = |opens: bool| {
            site.effect(match (flip, opens, role.response) {
                ((false, true), true, true) => Effect::BecomesOption,
                ((false, true), true, false) => Effect::Relaxed,
                ((true, false), false, true) => Effect::NoLongerOption,
                ((true, false), false, false) => Effect::NewlyRequired,
                _ => Effect::Nothing,
            })
        };
        if old.required != new.required {
            let kind = if new.required {
                Kind::PropertyRequired
            } else {
                Kind::PropertyOptional
            };
            self.push(kind, effect(!new.required), site, Side::Both, None, None);
        }
        if old.nullable != new.nullable {
            let kind = if new.nullable {
                Kind::NullAllowed
            } else {
                Kind::NullForbidden
            };
            let can_say_null = is_patch && !old.required && !new.required;
            let effect = match (can_say_null, role.response, new.nullable) {
                (true, true, _) => Effect::Retyped,
                (true, false, true) => Effect::Relaxed,
                (true, false, false) => Effect::NoNull,
                (false, ..) => effect(new.nullable),
            };
            self.push(kind, effect, site, Side::Both, None, None);
        }
        if old.default != new.default {
            let effect = match (old.default, new.default) {
                (None, Some(_)) => effect(true),
                (Some(_), None) => effect(false),
                _ => site.effect(Effect::Nothing),
            };
            let said = |default: Option<&Value>| default.map(Value::to_string);
            let (before, after) = (said(old.default), said(new.default));
            self.push(
                Kind::DefaultChanged,
                effect,
                site,
                Side::Both,
                before,
                after,
            );
        }
    }

    /// Compares `additionalProperties`, for which the struct has a field unless it is absent or `false`.
    fn extra_properties(&mut self, old: &'a Value, new: &'a Value, site: &Site) {
        let stated = |object: &'a Value| {
            let stated = object.get("additionalProperties");
            stated.filter(|stated| **stated != Value::Bool(false))
        };
        let effect = match (stated(old), stated(new)) {
            (None, Some(_)) => Effect::New,
            (Some(_), None) => Effect::Gone,
            (Some(old), Some(new)) if old.is_object() && new.is_object() => {
                let within = site.within(format!("{}{{}}", site.place), &["additionalProperties"]);
                self.null(old, new, &within, Effect::Retyped);
                self.schemas(old, new, &within);
                return;
            }
            (Some(old), Some(new)) if describe(old) != describe(new) => Effect::Retyped,
            _ => return,
        };
        let said = (stated(old).map(describe), stated(new).map(describe));
        let effect = site.effect(effect);
        self.push(
            Kind::ExtraPropertiesChanged,
            effect,
            site,
            Side::Both,
            said.0,
            said.1,
        );
    }
}

fn properties(object: &Value) -> Option<&Map<String, Value>> {
    object.get("properties").and_then(Value::as_object)
}

/// Finds the counterpart in `others` of `name` in `own`.
///
/// The counterpart has the same name, or is the only property with the same Rust field name.
fn counterpart<'v>(
    name: &str,
    own: Option<&Map<String, Value>>,
    others: Option<&'v Map<String, Value>>,
) -> Option<(&'v str, &'v Value)> {
    let others = others?;
    if let Some((name, schema)) = others.get_key_value(name) {
        return Some((name, schema));
    }
    let own = own?;
    let field = names::value_name(name);
    let alike = |name: &&String| names::value_name(name) == field;
    let mut found = others
        .keys()
        .filter(|other| !own.contains_key(*other))
        .filter(alike);
    let only = found.next()?;
    let mut candidates = own
        .keys()
        .filter(|one| !others.contains_key(*one))
        .filter(alike);
    let is_only = found.next().is_none() && candidates.nth(1).is_none();
    is_only
        .then(|| others.get_key_value(only))
        .flatten()
        .map(|(name, schema)| (name.as_str(), schema))
}

fn place(site: &Site, name: &str) -> String {
    format!("{}.{name}", site.place)
}
