//! The comparison of operations: names, routes and families.

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site, users_of};
use super::pairing::{Pairing, without_names};
use super::revision::{Operation, Role};
use crate::document::Pointer;

impl<'a> Comparison<'a> {
    /// Compares the operations.
    pub(super) fn operations(&mut self, pairing: &Pairing<'a>) {
        for &operation in &pairing.removed {
            let site = whole(operation, operation);
            let said = Some(operation.function.clone());
            self.push(
                Kind::OperationRemoved,
                Effect::Gone,
                &site,
                Side::Old,
                said,
                None,
            );
        }
        for &operation in &pairing.added {
            let site = whole(operation, operation);
            let said = Some(operation.function.clone());
            self.push(
                Kind::OperationAdded,
                Effect::New,
                &site,
                Side::New,
                None,
                said,
            );
        }
        for &(old, new) in &pairing.both {
            self.names(old, new);
            self.parameters(old, new);
            self.bodies(old, new);
            self.responses(old, new);
        }
    }

    fn names(&mut self, old: &Operation, new: &Operation) {
        let site = whole(old, new);
        // Functions without an operationId are named after their paths.
        if old.id != new.id || old.function != new.function {
            let effect = if old.function == new.function {
                Effect::Nothing
            } else {
                Effect::Renamed
            };
            let said = |operation: &Operation| {
                let function = || operation.function.clone();
                Some(operation.id.clone().unwrap_or_else(function))
            };
            let (before, after) = (said(old), said(new));
            self.push(
                Kind::OperationRenamed,
                effect,
                &site,
                Side::Both,
                before,
                after,
            );
        }
        let is_moved =
            old.method != new.method || without_names(&old.path) != without_names(&new.path);
        if is_moved {
            let said = |operation: &Operation| Some(route(operation));
            let kind = Kind::OperationMoved;
            self.push(
                kind,
                Effect::OnTheWire,
                &site,
                Side::Both,
                said(old),
                said(new),
            );
        }
        if old.family != new.family {
            let said = (Some(old.family.clone()), Some(new.family.clone()));
            let kind = Kind::OperationFamilyChanged;
            self.push(kind, Effect::Nothing, &site, Side::Both, said.0, said.1);
        }
        let deprecated = |document: &serde_json::Value, at: &Pointer| {
            at.find(document)
                .is_some_and(|operation| operation["deprecated"] == true)
        };
        let before = deprecated(&self.old.document, &old.pointer);
        let after = deprecated(&self.new.document, &new.pointer);
        if before != after {
            let said = (Some(before.to_string()), Some(after.to_string()));
            let kind = Kind::OperationDeprecated;
            self.push(kind, Effect::Nothing, &site, Side::Both, said.0, said.1);
        }
    }
}

/// Returns the place of an operation, described by its route.
fn whole(old: &Operation, new: &Operation) -> Site {
    Site {
        place: route(new),
        old: old.pointer.clone(),
        new: new.pointer.clone(),
        users: users_of(new),
        role: Role::REQUEST,
    }
}

fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
