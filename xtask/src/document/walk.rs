//! The traversal of an OpenAPI spec, which distinguishes nodes from maps of names and from data.
//!
//! A property named `items` is a name, `items` next to `type: array` is a keyword, and `items` inside a
//! `default` is neither. Only nodes according to [`Kind::holds`] are visited. References are visited but not
//! followed, so reference cycles are harmless.
//!
//! The traversal uses an explicit stack, so deep nesting cannot overflow the call stack.

use serde_json::Value;

use super::kind::{Holds, Kind, METHODS, is_extension};
use super::pointer::Pointer;

/// The order in which nodes and their descendants are visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Visits a node before its children, including children that the visitor adds.
    ParentsFirst,
    /// Visits a node after its children. Children that the visitor adds are not visited.
    ChildrenFirst,
}

/// The path and the method of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The path template, or the name of the webhook.
    pub(crate) path: String,
    /// The method in lower case, as in the spec.
    pub(crate) method: String,
}

/// Visits every node of the spec, parents first.
pub(crate) fn for_each<'a>(document: &'a Value, mut visit: impl FnMut(&Pointer, Kind, &'a Value)) {
    parents_first(document, Kind::Document, |pointer, kind, node| {
        visit(pointer, kind, node);
    });
}

/// Visits every node of the spec mutably.
///
/// A visitor that wraps its node in a new one must use [`Order::ChildrenFirst`]: with [`Order::ParentsFirst`],
/// it would visit the wrapped node again, forever.
pub(crate) fn for_each_mut(
    document: &mut Value,
    order: Order,
    visit: impl FnMut(&Pointer, Kind, &mut Value),
) {
    walk_mut(document, Kind::Document, order, visit);
}

/// Visits every schema of the spec mutably.
///
/// In 3.1, a schema can be a boolean. An array of names in `dependencies` is not a schema.
pub(crate) fn for_each_schema_mut(
    document: &mut Value,
    order: Order,
    mut visit: impl FnMut(&Pointer, &mut Value),
) {
    for_each_mut(document, order, |pointer, kind, node| {
        if kind == Kind::Schema {
            visit(pointer, node);
        }
    });
}

/// Visits `schema` and every schema inside it mutably. Pointers are relative to `schema`.
pub(crate) fn for_each_subschema_mut(
    schema: &mut Value,
    order: Order,
    mut visit: impl FnMut(&Pointer, &mut Value),
) {
    walk_mut(schema, Kind::Schema, order, |pointer, kind, node| {
        if kind == Kind::Schema {
            visit(pointer, node);
        }
    });
}

/// Visits the operations under `paths`: paths in the order of the spec, methods in the order of [`METHODS`].
///
/// Skips webhooks and callbacks, which a client does not call.
pub(crate) fn for_each_operation<'a>(
    document: &'a Value,
    mut visit: impl FnMut(&Pointer, &Route, &'a Value),
) {
    for (pointer, route) in routes(document) {
        if let Some(operation) = pointer.find(document) {
            visit(&pointer, &route, operation);
        }
    }
}

/// Visits the same operations as [`for_each_operation`], mutably.
pub(crate) fn for_each_operation_mut(
    document: &mut Value,
    mut visit: impl FnMut(&Pointer, &Route, &mut Value),
) {
    for (pointer, route) in routes(document) {
        if let Some(operation) = pointer.find_mut(document) {
            visit(&pointer, &route, operation);
        }
    }
}

fn routes(document: &Value) -> Vec<(Pointer, Route)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| {
                let value = item.get(method)?;
                let operation = Kind::PathItem.holds(method, value) == Holds::One(Kind::Operation);
                (operation && value.is_object() && !is_extension(path)).then(|| {
                    let route = Route {
                        path: path.clone(),
                        method: method.to_owned(),
                    };
                    (Pointer::of(["paths", path, method]), route)
                })
            })
        })
        .collect()
}

fn walk_mut(
    root: &mut Value,
    kind: Kind,
    order: Order,
    mut visit: impl FnMut(&Pointer, Kind, &mut Value),
) {
    match order {
        Order::ParentsFirst => parents_first(root, kind, |pointer, kind, node| {
            visit(pointer, kind, node);
        }),
        Order::ChildrenFirst => {
            let mut places = Vec::new();
            parents_first(&*root, kind, |pointer, kind, _| {
                places.push((pointer.clone(), kind));
            });
            // A visit only changes its own node, whose children were already visited, so the remaining pointers
            // stay valid.
            for (pointer, kind) in children_first(places) {
                if let Some(node) = pointer.find_mut(root) {
                    visit(&pointer, kind, node);
                }
            }
        }
    }
}

/// Reorders parents-first places to children-first, preserving the order of siblings.
fn children_first(places: Vec<(Pointer, Kind)>) -> Vec<(Pointer, Kind)> {
    let mut ordered = Vec::with_capacity(places.len());
    let mut open: Vec<(Pointer, Kind)> = Vec::new();
    for place in places {
        while let Some(closed) = open.pop_if(|(outer, _)| !place.0.is_within(outer)) {
            ordered.push(closed);
        }
        open.push(place);
    }
    ordered.extend(open.into_iter().rev());
    ordered
}

/// The traversal behind all visits, generic over shared and mutable nodes.
fn parents_first<'a, N: Node<'a>>(
    root: N,
    kind: Kind,
    mut visit: impl FnMut(&Pointer, Kind, &mut N),
) {
    let mut stack = vec![(Pointer::root(), kind, root)];
    while let Some((pointer, kind, mut node)) = stack.pop() {
        if !kind.fits(node.value()) {
            continue;
        }
        visit(&pointer, kind, &mut node);
        let first = stack.len();
        for (key, value) in node.members() {
            let at = || pointer.join(key);
            match kind.holds(key, value.value()) {
                Holds::One(kind) => stack.push((at(), kind, value)),
                Holds::List(kind) => stack.extend(
                    (value.elements().enumerate())
                        .map(|(index, element)| (at().join(index), kind, element)),
                ),
                Holds::Map(kind) => stack.extend(
                    (value.members()).map(|(name, member)| (at().join(name), kind, member)),
                ),
                Holds::Data => {}
            }
        }
        // Reversed because the stack is last-in, first-out.
        stack[first..].reverse();
    }
}

/// A shared or mutable reference to a value, for a traversal that supports both.
trait Node<'a>: Sized {
    fn value(&self) -> &Value;
    fn members(self) -> impl Iterator<Item = (&'a String, Self)>;
    fn elements(self) -> impl Iterator<Item = Self>;
}

impl<'a> Node<'a> for &'a Value {
    fn value(&self) -> &Value {
        self
    }

    fn members(self) -> impl Iterator<Item = (&'a String, Self)> {
        self.as_object().into_iter().flatten()
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        self.as_array().into_iter().flatten()
    }
}

impl<'a> Node<'a> for &'a mut Value {
    fn value(&self) -> &Value {
        self
    }

    fn members(self) -> impl Iterator<Item = (&'a String, Self)> {
        self.as_object_mut().into_iter().flatten()
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        self.as_array_mut().into_iter().flatten()
    }
}
