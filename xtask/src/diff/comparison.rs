//! What a comparison of two revisions knows on the way, and what it has found.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::change::{Change, Class, Effect, Kind, Users};
use super::revision::{Operation, Revision, Role};
use super::types::Types;
use crate::document::Pointer;
use crate::lower::names;

/// Two revisions that are being compared.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Revision<'a>,
    pub(super) new: &'a Revision<'a>,
    pub(super) types: &'a Types,
    /// The pairs of places that are being compared, so that a circle of references ends.
    pub(super) open: HashSet<(Pointer, Pointer)>,
    /// How often two places that are no components were compared: each is reported where it is referred to, but not
    /// on each of the ways that lead there through others.
    pub(super) visits: HashMap<(Pointer, Pointer), usize>,
    changes: Vec<Change>,
    /// The number of a change, by what it is: a part that several operations share is reported once.
    known: HashMap<Identity, usize>,
}

type Identity = (
    Kind,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// A place that both revisions have.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// What people call it.
    pub(super) place: String,
    pub(super) old: Pointer,
    pub(super) new: Pointer,
    pub(super) users: Rc<Users>,
    /// What the old revision uses it for: what code may be written against.
    pub(super) role: Role,
}

/// In which of the two revisions something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
    Both,
}

impl Site {
    /// A place within this one, at the same tokens in both revisions.
    pub(super) fn within(&self, place: String, tokens: &[&str]) -> Self {
        let join = |pointer: &Pointer| tokens.iter().fold(pointer.clone(), |at, one| at.join(one));
        Self {
            place,
            old: join(&self.old),
            new: join(&self.new),
            users: Rc::clone(&self.users),
            // Only the properties of the body itself can be null there.
            role: Role {
                patch: false,
                ..self.role
            },
        }
    }

    /// The effect at this place of a change that has `effect` where code is generated.
    pub(super) fn effect(&self, effect: Effect) -> Effect {
        if self.role.is_generated() {
            effect
        } else {
            Effect::NotGenerated
        }
    }
}

impl<'a> Comparison<'a> {
    /// Begins to compare.
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

    /// What was found.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// Takes down a change at a place.
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

    /// Takes down a change of a document as a whole.
    pub(super) fn push_whole(&mut self, change: Change) {
        self.add(change);
    }

    /// Takes back what was said of components whose types were there before, or are there still: an inline schema had
    /// the type's name, or has it now.
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

/// What uses the parts of an operation.
pub(super) fn users_of(operation: &Operation) -> Rc<Users> {
    Rc::new(Users {
        operations: [operation.function.clone()].into(),
        families: [operation.family.clone()].into(),
    })
}
