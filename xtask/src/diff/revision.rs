//! A revision prepared for comparison: null and `allOf` normalized, operations and users collected.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::change::Users;
use crate::document::{Pointer, for_each, for_each_operation};
use crate::lower::{self, Success, family_of};
use crate::repair;

/// The location of the component schemas.
pub(super) const SCHEMAS: [&str; 2] = ["components", "schemas"];

/// A spec and information about its parts.
pub(super) struct Revision<'a> {
    original: &'a Value,
    /// The spec with null expressed by `nullable` as in OpenAPI 3.0 and each `allOf` merged.
    pub(super) document: Value,
    pub(super) operations: Vec<Operation>,
    uses: HashMap<String, Use>,
    /// Broken references with their places.
    pub(super) broken: BTreeSet<(Pointer, String)>,
}

/// An operation of a spec.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// The name of its function.
    pub(super) function: String,
    /// Its operationId, if any.
    pub(super) id: Option<String>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) family: String,
    pub(super) pointer: Pointer,
}

/// The users of a type and its role.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) users: Rc<Users>,
    pub(super) role: Role,
}

/// The uses of a type for which code is generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Role {
    /// It is part of a request.
    pub(super) request: bool,
    /// It is part of a successful response.
    pub(super) response: bool,
    /// It is the body of a PATCH, in which null and absence differ.
    pub(super) patch: bool,
}

impl Role {
    pub(super) const REQUEST: Self = Self {
        request: true,
        response: false,
        patch: false,
    };
    pub(super) const RESPONSE: Self = Self {
        request: false,
        response: true,
        patch: false,
    };

    /// Returns whether code is generated for this role.
    pub(super) fn is_generated(self) -> bool {
        self.request || self.response
    }

    fn extend(&mut self, other: Self) {
        self.request |= other.request;
        self.response |= other.response;
        self.patch |= other.patch;
    }
}

impl<'a> Revision<'a> {
    /// Prepares `original` for comparison.
    pub(super) fn of(original: &'a Value) -> Self {
        let mut document = original.clone();
        lower::state_null(&mut document);
        repair::merge_all_of(&mut document);
        let operations = operations(&document);
        let uses = uses(&document, &operations);
        let broken = broken(original);
        Self {
            original,
            document,
            operations,
            uses,
            broken,
        }
    }

    /// Returns the component schemas.
    pub(super) fn schemas(&self) -> Option<&Map<String, Value>> {
        Pointer::of(SCHEMAS).find(&self.document)?.as_object()
    }

    /// Returns the component schema `name`.
    pub(super) fn schema(&self, name: &str) -> Option<&Value> {
        self.schemas()?.get(name)
    }

    /// Returns the users of the component schema `name`.
    pub(super) fn used(&self, name: &str) -> Use {
        self.uses.get(name).cloned().unwrap_or_default()
    }

    /// Resolves a chain of references to its target. Returns `None` if a reference is broken.
    pub(super) fn target<'s>(
        &'s self,
        node: &'s Value,
        at: &Pointer,
    ) -> Option<(&'s Value, Pointer)> {
        if node.get("$ref").is_none() {
            return Some((node, at.clone()));
        }
        let place = lower::referenced_at(&self.document, node)?;
        Some((place.find(&self.document)?, place))
    }

    /// Maps a place in the normalized spec to the original spec.
    ///
    /// The original can contain additional unions with null and `allOf` arrays on the way.
    pub(super) fn original_place(&self, compared: &Pointer) -> Pointer {
        let mut place = Pointer::root();
        let mut node = self.original;
        for token in compared.tokens() {
            let step = within(node, &token, &place, 0);
            let Some((found, at)) = step else {
                break;
            };
            node = found;
            place = at;
        }
        place
    }
}

/// Returns the name of the component schema that a reference points to.
pub(super) fn component(node: &Value) -> Option<String> {
    let pointer = Pointer::from_reference(node.get("$ref")?.as_str()?)?;
    let mut tokens = pointer.tokens();
    let prefix = [tokens.next()?, tokens.next()?];
    let name = tokens.next()?;
    (prefix == SCHEMAS && tokens.next().is_none()).then_some(name)
}

/// Returns the place of the component schema `name`.
pub(super) fn component_place(name: &str) -> Pointer {
    Pointer::of(SCHEMAS).join(name)
}

/// Finds the member `token` in `node` or in a schema of its unions and `allOf`, up to 5 levels deep.
fn within<'v>(
    node: &'v Value,
    token: &str,
    at: &Pointer,
    depth: usize,
) -> Option<(&'v Value, Pointer)> {
    let direct = match node {
        Value::Object(members) => members.get(token),
        Value::Array(elements) => token.parse::<usize>().ok().and_then(|at| elements.get(at)),
        _ => None,
    };
    if let Some(found) = direct {
        return Some((found, at.join(token)));
    }
    if depth > 4 {
        return None;
    }
    ["anyOf", "oneOf", "allOf"].into_iter().find_map(|keyword| {
        let list = node.get(keyword)?.as_array()?;
        (list.iter().enumerate()).find_map(|(index, element)| {
            within(element, token, &at.join(keyword).join(index), depth + 1)
        })
    })
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut named = document.clone();
    repair::name_operations(&mut named);
    let mut operations = Vec::new();
    for_each_operation(document, |pointer, route, operation| {
        let tags = operation["tags"].as_array().into_iter().flatten();
        let tag = tags.filter_map(Value::as_str).next_back();
        let function = pointer
            .find(&named)
            .and_then(|operation| operation["operationId"].as_str());
        operations.push(Operation {
            function: function.unwrap_or_default().to_owned(),
            id: operation["operationId"].as_str().map(str::to_owned),
            method: route.method.to_ascii_uppercase(),
            path: route.path.clone(),
            family: family_of(tag, &route.path),
            pointer: pointer.clone(),
        });
    });
    operations
}

fn uses(document: &Value, operations: &[Operation]) -> HashMap<String, Use> {
    let mut reach = Reach::of(document);
    let mut users: BTreeMap<String, (Users, Role)> = BTreeMap::new();
    for operation in operations {
        let Some(node) = operation.pointer.find(document) else {
            continue;
        };
        let mut add = |names: Vec<String>, role: Role| {
            for name in names {
                let (users, known) = users.entry(name).or_default();
                known.extend(role);
                if !users.operations.contains(&operation.function) {
                    users.operations.insert(operation.function.clone());
                    users.families.insert(operation.family.clone());
                }
            }
        };
        let shared = &document["paths"][&operation.path]["parameters"];
        for part in [shared, &node["parameters"], &node["requestBody"]] {
            add(reach.from(part), Role::REQUEST);
        }
        if let Success::Json(schema) = lower::success(document, node) {
            add(reach.from(&schema), Role::RESPONSE);
        }
        // Error responses count as uses, but generate no code.
        add(reach.from(&node["responses"]), Role::default());
        if operation.method == "PATCH"
            && let Some(body) = lower::request_body(document, node)
            && let Some(name) = component(&body.schema)
        {
            let patch = Role {
                patch: true,
                ..Role::REQUEST
            };
            add(vec![name], patch);
        }
    }
    let used = |(name, (users, role)): (String, (Users, Role))| {
        let users = Rc::new(users);
        (name, Use { users, role })
    };
    users.into_iter().map(used).collect()
}

/// The places that can be reached from a part of a spec through references.
struct Reach<'a> {
    document: &'a Value,
    /// The references in each visited place.
    known: HashMap<Pointer, Vec<Pointer>>,
}

impl<'a> Reach<'a> {
    fn of(document: &'a Value) -> Self {
        Self {
            document,
            known: HashMap::new(),
        }
    }

    /// Returns the component schemas that `part` references directly or indirectly.
    fn from(&mut self, part: &Value) -> Vec<String> {
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        let mut open = references(part);
        while let Some(place) = open.pop() {
            if !seen.insert(place.clone()) {
                continue;
            }
            let mut tokens = place.tokens();
            if [tokens.next(), tokens.next()] == SCHEMAS.map(|token| Some(token.to_owned())) {
                names.extend(tokens.next());
            }
            let document = self.document;
            let found = self.known.entry(place.clone());
            let found =
                found.or_insert_with(|| place.find(document).map(references).unwrap_or_default());
            open.extend(found.iter().cloned());
        }
        names
    }
}

fn references(part: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut open = vec![part];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                found.extend(reference.and_then(Pointer::from_reference));
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

fn broken(document: &Value) -> BTreeSet<(Pointer, String)> {
    let mut broken = BTreeSet::new();
    for_each(document, |at, _, node| {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let target = Pointer::from_reference(reference);
            if target.and_then(|target| target.find(document)).is_none() {
                broken.insert((at.clone(), reference.to_owned()));
            }
        }
    });
    broken
}
