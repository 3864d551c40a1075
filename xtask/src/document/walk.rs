//! The walk over an OpenAPI document, which tells nodes from maps of names and from data.
//!
//! A property that is called `items` is a name, an `items` beside `type: array` is a keyword, and an `items`
//! inside of a `default` is neither: only what [`Kind::holds`] says is a node is visited. A `$ref` is visited
//! where it stands and never followed, so a cycle of references does not matter.
//!
//! The walk keeps its own stack: nesting of any depth costs memory and nothing else.

use serde_json::Value;

use super::kind::{Holds, Kind, METHODS, is_extension};
use super::pointer::Pointer;

/// Whether a visit sees a node before or after the nodes inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// A node comes before what it contains; what the visitor puts into it is visited as well.
    ParentsFirst,
    /// A node comes after what it contains; what the visitor puts into it is not visited again.
    ChildrenFirst,
}

/// The path and the method of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The path template, or the name of the webhook.
    pub(crate) path: String,
    /// The method in lower case, as the document writes it.
    pub(crate) method: String,
}

/// Visits every node of the document, a node before what it contains.
pub(crate) fn for_each<'a>(document: &'a Value, mut visit: impl FnMut(&Pointer, Kind, &'a Value)) {
    parents_first(document, Kind::Document, |pointer, kind, node| {
        visit(pointer, kind, node);
    });
}

/// Visits every node of the document and lets it be changed.
///
/// The visitor may change what it is given and nothing outside of it. With [`Order::ParentsFirst`] a visitor
/// that nests its node in a new one would meet that node again for ever: such a pass takes
/// [`Order::ChildrenFirst`].
pub(crate) fn for_each_mut(
    document: &mut Value,
    order: Order,
    visit: impl FnMut(&Pointer, Kind, &mut Value),
) {
    walk_mut(document, Kind::Document, order, visit);
}

/// Visits every schema of the document and lets it be changed.
///
/// In 3.1 a schema can be `true` or `false`; a member of `dependencies` that lists names is none.
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

/// Visits `schema` and every schema inside of it and lets them be changed; pointers start at `schema`.
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

/// Visits the operations under `paths`, in the document's order of paths and the specification's of methods.
///
/// Operations of webhooks and callbacks are those of the other side and are left out.
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

/// Visits the operations under `paths` as [`for_each_operation`] does and lets them be changed.
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
            // A visit changes its own node, whose children were visited before: the places that are left, its
            // parents and what stands beside them, are still where they were.
            for (pointer, kind) in children_first(places) {
                if let Some(node) = pointer.find_mut(root) {
                    visit(&pointer, kind, node);
                }
            }
        }
    }
}

/// Turns places that are listed parents first into the same places children first, siblings in their order.
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

/// The one walk behind all of the visits, over borrowed nodes of either kind.
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
        // What is pushed last is popped first, and nodes are visited in the order of the document.
        stack[first..].reverse();
    }
}

/// A borrowed value that can be taken apart, so that one walk serves reading and changing.
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
