//! The state and the results of a comparison.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::change::{Change, Class, Effect, Kind, Users};
use super::revision::{Operation, Revision, Role};
use super::types::Types;
use crate::document::Pointer;
use crate::lower::names;

/// An ongoing comparison of two revisions.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Revision<'a>,
    pub(super) new: &'a Revision<'a>,
    pub(super) types: &'a Types,
    /// The pairs of places whose comparison is in progress, to stop at reference cycles.
    pub(super) open: HashSet<(Pointer, Pointer)>,
    /// The number of comparisons of each pair of places outside of the components.
    ///
    /// Changes there are reported once per reference, but not for every path of references that leads there.
    pub(super) visits: HashMap<(Pointer, Pointer), usize>,
    changes: Vec<Change>,
    /// The index of each change by identity, to report a part once if several operations share it.
    known: HashMap<Identity, usize>,
}

type Identity = (
    Kind,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// A place in both revisions.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The human-readable location.
    pub(super) place: String,
    pub(super) old: Pointer,
    pub(super) new: Pointer,
    pub(super) users: Rc<Users>,
    /// The use in the old revision, the one that existing code is written against.
    pub(super) role: Role,
}

/// The revisions that contain a changed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
    Both,
}

impl Site {
    /// Returns a place inside this one, at the same tokens in both revisions.
    pub(super) fn within(&self, place: String, tokens: &[&str]) -> Self {
        let join = |pointer: &Pointer| tokens.iter().fold(pointer.clone(), |at, one| at.join(one));
        Self {
            place,
            old: join(&self.old),
            new: join(&self.new),
            users: Rc::clone(&self.users),
            // Only direct properties of a PATCH body distinguish null from absence.
            role: Role {
                patch: false,
                ..self.role
            },
        }
    }

    /// Returns `effect` if code is generated for this place, otherwise [`Effect::NotGenerated`].
    pub(super) fn effect(&self, effect: Effect) -> Effect {
        if self.role.is_generated() {
            effect
        } else {
            Effect::NotGenerated
        }
    }
}

impl<'a> Comparison<'a> {
    /// Starts a comparison.
    pub(super) fn new(old: &'a Revision<'a>, new: &'a Revision<'a>, types: &'a Types) -> Self {
        Self {
            old,
            new,
            types,
            open: HashSet::new(),
            visits: HashMap::new(),
            changes: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// Returns the changes.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// Records a change at `site`.
    pub(super) fn push(
        &mut self,
        kind: Kind,
        effect: Effect,
        site: &Site,
        stands: Side,
        before: Option<String>,
        after: Option<String>,
    ) {
        let pointer = |revision: &Revision<'_>, at: &Pointer, other: Side| {
            (stands != other).then(|| revision.original_place(at).to_string())
        };
        let change = Change {
            class: effect.class(),
            kind,
            effect,
            family: site.users.module(),
            place: site.place.clone(),
            old_pointer: pointer(self.old, &site.old, Side::New),
            new_pointer: pointer(self.new, &site.new, Side::Old),
            before,
            after,
            operations: site.users.operations.clone(),
            families: site.users.families.clone(),
        };
        self.add(change);
    }

    /// Records a change of the spec as a whole.
    pub(super) fn push_whole(&mut self, change: Change) {
        self.add(change);
    }

    /// Removes the effect of added or removed components whose type exists in both revisions.
    ///
    /// In the other revision, the type is generated from an inline schema.
    pub(super) fn types_that_stay(&mut self, before: &BTreeSet<String>, after: &BTreeSet<String>) {
        for change in &mut self.changes {
            let others = match change.kind {
                Kind::TypeAdded => before,
                Kind::TypeRemoved => after,
                _ => continue,
            };
            if others.contains(&names::type_name(&change.place)) && change.class != Class::None {
                change.effect = Effect::Nothing;
                change.class = Class::None;
            }
        }
    }

    fn add(&mut self, change: Change) {
        let identity = (
            change.kind,
            change.old_pointer.clone(),
            change.new_pointer.clone(),
            change.before.clone(),
            change.after.clone(),
        );
        if let Some(&number) = self.known.get(&identity) {
            let known = &mut self.changes[number];
            let mut users = Users {
                operations: std::mem::take(&mut known.operations),
                families: std::mem::take(&mut known.families),
            };
            users.operations.extend(change.operations);
            users.families.extend(change.families);
            known.family = users.module();
            known.operations = users.operations;
            known.families = users.families;
            if change.effect.class() > known.class {
                known.class = change.effect.class();
                known.effect = change.effect;
            }
            return;
        }
        self.known.insert(identity, self.changes.len());
        self.changes.push(change);
    }
}

/// Returns `operation` as the only user.
pub(super) fn users_of(operation: &Operation) -> Rc<Users> {
    Rc::new(Users {
        operations: [operation.function.clone()].into(),
        families: [operation.family.clone()].into(),
    })
}
