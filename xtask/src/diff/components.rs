//! The comparison of the components and of the broken references.

use std::collections::{BTreeSet, HashSet};

use super::change::{self, Change, Effect, Kind};
use super::comparison::{Comparison, Side, Site};
use super::revision::{Revision, component_place};
use crate::lower::names;

impl Comparison<'_> {
    /// Compares the component schemas.
    pub(super) fn components(&mut self) {
        let (old, new, types) = (self.old, self.new, self.types);
        let kept: HashSet<&String> = types.pairs.values().collect();
        for (name, before) in old.schemas().into_iter().flatten() {
            let mut site = site_of(old, name);
            let Some(renamed) = types.pairs.get(name) else {
                let effect = site.effect(Effect::Gone);
                self.push(Kind::TypeRemoved, effect, &site, Side::Old, None, None);
                continue;
            };
            let Some(after) = new.schema(renamed) else {
                continue;
            };
            site.place.clone_from(renamed);
            site.new = component_place(renamed);
            if !site.role.is_generated() {
                let used = new.used(renamed);
                let mut users = (*site.users).clone();
                users.extend(&used.users);
                site.users = users.into();
            }
            if name != renamed {
                let is_same = names::type_name(name) == names::type_name(renamed);
                let effect = if is_same {
                    Effect::Nothing
                } else {
                    Effect::Renamed
                };
                let effect = site.effect(effect);
                let said = (Some(name.clone()), Some(renamed.clone()));
                self.push(Kind::TypeRenamed, effect, &site, Side::Both, said.0, said.1);
            }
            self.null(before, after, &site, Effect::Retyped);
            self.schemas(before, after, &site);
        }
        for name in new.schemas().into_iter().flatten().map(|(name, _)| name) {
            if !kept.contains(name) {
                let site = site_of(new, name);
                let effect = site.effect(Effect::New);
                self.push(Kind::TypeAdded, effect, &site, Side::New, None, None);
            }
        }
    }

    /// Compares the broken references.
    pub(super) fn broken_references(&mut self) {
        let (old, new) = (self.old, self.new);
        let change = |kind, effect: Effect, (at, reference): &(_, String)| Change {
            class: effect.class(),
            kind,
            effect,
            family: "spec".to_owned(),
            place: reference.clone(),
            old_pointer: (kind == Kind::ReferenceFixed).then(|| change::text(at)),
            new_pointer: (kind == Kind::ReferenceBroken).then(|| change::text(at)),
            before: None,
            after: None,
            operations: BTreeSet::new(),
            families: BTreeSet::new(),
        };
        for broken in new.broken.difference(&old.broken) {
            self.push_whole(change(Kind::ReferenceBroken, Effect::Rejected, broken));
        }
        for fixed in old.broken.difference(&new.broken) {
            self.push_whole(change(Kind::ReferenceFixed, Effect::Relaxed, fixed));
        }
    }
}

fn site_of(revision: &Revision<'_>, name: &str) -> Site {
    let used = revision.used(name);
    Site {
        place: name.to_owned(),
        old: component_place(name),
        new: component_place(name),
        users: used.users,
        role: used.role,
    }
}
