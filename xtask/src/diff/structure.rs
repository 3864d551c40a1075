//! Structural equality of schemas, regardless of the names of referenced types.

use std::collections::HashSet;

use serde_json::Value;

use super::comparison::Comparison;
use super::form::{Form, is_nullable, is_required, property};
use super::revision::component;
use crate::document::Pointer;

/// The number of schema pairs to compare before two types count as different.
const LIMIT: usize = 4096;

/// Returns whether `old` and `new` have the same structure, each in its revision.
pub(super) fn is_same(comparison: &Comparison<'_>, old: &Value, new: &Value) -> bool {
    let mut check = Check {
        comparison,
        seen: HashSet::new(),
        left: LIMIT,
    };
    check.schema(old, new)
}

struct Check<'c, 'a> {
    comparison: &'c Comparison<'a>,
    /// The pairs of references that are assumed to be equal until a difference is found.
    seen: HashSet<(Pointer, Pointer)>,
    left: usize,
}

impl Check<'_, '_> {
    fn schema(&mut self, old: &Value, new: &Value) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        if let (Some(old), Some(new)) = (component(old), component(new))
            && self.comparison.types.are_one(&old, &new)
        {
            return true;
        }
        let root = Pointer::root();
        let (Some((old, old_place)), Some((new, new_place))) = (
            self.comparison.old.target(old, &root),
            self.comparison.new.target(new, &root),
        ) else {
            return false;
        };
        let is_reference = old_place != root || new_place != root;
        if is_reference && !self.seen.insert((old_place, new_place)) {
            return true;
        }
        match (Form::of(old), Form::of(new)) {
            (Form::List(old), Form::List(new)) | (Form::Map(old), Form::Map(new)) => {
                self.content(old, new)
            }
            (Form::Object, Form::Object) => self.object(old, new),
            (Form::Union(olds), Form::Union(news)) => {
                olds.len() == news.len()
                    && olds
                        .iter()
                        .zip(news)
                        .all(|(old, new)| self.schema(old, new))
            }
            (one, other) => one == other && old.get("format") == new.get("format"),
        }
    }

    fn content(&mut self, old: Option<&Value>, new: Option<&Value>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => is_nullable(old) == is_nullable(new) && self.schema(old, new),
            (old, new) => old.is_none() && new.is_none(),
        }
    }

    fn object(&mut self, old: &Value, new: &Value) -> bool {
        let names = |schema: &Value| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.map_or(0, serde_json::Map::len)
        };
        let properties = old.get("properties").and_then(Value::as_object);
        names(old) == names(new)
            && properties.into_iter().flatten().all(|(name, before)| {
                property(new, name).is_some_and(|after| {
                    is_required(old, name) == is_required(new, name)
                        && is_nullable(before) == is_nullable(after)
                        && before.get("default") == after.get("default")
                        && self.schema(before, after)
                })
            })
    }
}
