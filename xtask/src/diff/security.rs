//! The comparison of versions, servers and security.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Change, Effect, Kind};
use super::comparison::Comparison;
use super::pairing::Pairing;
use super::revision::{Operation, Revision};
use crate::document::Pointer;

/// The alternative sets of credentials that an operation accepts.
type Accepted = BTreeSet<String>;

/// The credentials of an operation without authentication.
const NOTHING: &str = "nothing";

/// The separator between credentials that are required together.
const AND: &str = " and ";

impl<'a> Comparison<'a> {
    /// Compares versions and servers.
    pub(super) fn whole(&mut self) {
        for (kind, tokens) in [
            (Kind::OpenapiVersionChanged, &["openapi"][..]),
            (Kind::VersionChanged, &["info", "version"]),
            (Kind::ServersChanged, &["servers"]),
        ] {
            let at = Pointer::of(tokens);
            let said = |revision: &Revision<'_>| match at.find(&revision.document)? {
                Value::String(text) => Some(text.clone()),
                Value::Array(servers) => {
                    let urls = servers.iter().filter_map(|server| server["url"].as_str());
                    Some(urls.collect::<Vec<_>>().join(", "))
                }
                other => Some(other.to_string()),
            };
            let (before, after) = (said(self.old), said(self.new));
            if before != after {
                let place = tokens.join(".");
                self.push_whole(change(kind, Effect::Nothing, place, &at, (before, after)));
            }
        }
    }

    /// Compares the security schemes and the requirements of operations.
    pub(super) fn security(&mut self, pairing: &Pairing<'a>) {
        self.schemes();
        let mut changed: BTreeMap<(Accepted, Accepted), Vec<(&Operation, &Operation)>> =
            BTreeMap::new();
        for &(old, new) in &pairing.both {
            let asked = (accepted(self.old, old), accepted(self.new, new));
            if asked.0 != asked.1 {
                changed.entry(asked).or_default().push((old, new));
            }
        }
        for ((before, after), operations) in changed {
            let effect = if is_enough(&before, &after) {
                Effect::Relaxed
            } else {
                Effect::Unauthorized
            };
            let place = match operations[..] {
                [(_, only)] => format!("{} {}", only.method, only.path),
                _ => format!("{} operations", operations.len()),
            };
            let said = |accepted: &Accepted| {
                let all: Vec<&str> = accepted.iter().map(String::as_str).collect();
                Some(all.join(" or "))
            };
            let at = Pointer::of(["security"]);
            let mut change = change(
                Kind::SecurityChanged,
                effect,
                place,
                &at,
                (said(&before), said(&after)),
            );
            if let [(old, new)] = operations[..] {
                change.family.clone_from(&new.family);
                change.old_pointer = Some(old.pointer.to_string());
                change.new_pointer = Some(new.pointer.to_string());
            } else {
                change.old_pointer = Some(Pointer::root().join("paths").to_string());
                change.new_pointer = Some(Pointer::root().join("paths").to_string());
            }
            for (_, operation) in operations {
                change.operations.insert(operation.function.clone());
                change.families.insert(operation.family.clone());
            }
            self.push_whole(change);
        }
    }

    fn schemes(&mut self) {
        let section = Pointer::of(["components", "securitySchemes"]);
        let schemes = |revision: &Revision<'_>| -> BTreeMap<String, String> {
            let schemes = section.find(&revision.document).and_then(Value::as_object);
            let schemes = schemes.into_iter().flatten();
            schemes
                .map(|(name, scheme)| (name.clone(), credentials(scheme)))
                .collect()
        };
        let (olds, news) = (schemes(self.old), schemes(self.new));
        let names: BTreeSet<&String> = olds.keys().chain(news.keys()).collect();
        for name in names {
            let (before, after) = (olds.get(name).cloned(), news.get(name).cloned());
            if before == after {
                continue;
            }
            let kind = match (&before, &after) {
                (None, _) => Kind::SecuritySchemeAdded,
                (_, None) => Kind::SecuritySchemeRemoved,
                _ => Kind::SecuritySchemeChanged,
            };
            let at = section.join(name);
            let effect = Effect::NotGenerated;
            self.push_whole(change(kind, effect, name.clone(), &at, (before, after)));
        }
    }
}

fn change(
    kind: Kind,
    effect: Effect,
    place: String,
    at: &Pointer,
    (before, after): (Option<String>, Option<String>),
) -> Change {
    Change {
        class: effect.class(),
        kind,
        effect,
        family: "spec".to_owned(),
        place,
        old_pointer: before.is_some().then(|| at.to_string()),
        new_pointer: after.is_some().then(|| at.to_string()),
        before,
        after,
        operations: BTreeSet::new(),
        families: BTreeSet::new(),
    }
}

/// Returns the credentials that an operation accepts, without requirements that name an undeclared scheme.
fn accepted(revision: &Revision<'_>, operation: &Operation) -> Accepted {
    let document = &revision.document;
    let own = operation
        .pointer
        .find(document)
        .and_then(|node| node.get("security"));
    let asked = own
        .or_else(|| document.get("security"))
        .and_then(Value::as_array);
    let schemes = &document["components"]["securitySchemes"];
    let all = |requirement: &Value| -> Option<String> {
        let names = requirement.as_object()?.keys();
        let mut each: Vec<String> = names
            .map(|name| schemes.get(name).map(credentials))
            .collect::<Option<_>>()?;
        each.sort();
        Some(if each.is_empty() {
            NOTHING.to_owned()
        } else {
            each.join(AND)
        })
    };
    let accepted: Accepted = asked.into_iter().flatten().filter_map(all).collect();
    if accepted.is_empty() {
        [NOTHING.to_owned()].into()
    } else {
        accepted
    }
}

/// Returns whether every set of credentials in `before` satisfies an alternative in `after`.
fn is_enough(before: &Accepted, after: &Accepted) -> bool {
    let each = |all: &str| -> BTreeSet<String> { all.split(AND).map(str::to_owned).collect() };
    after.contains(NOTHING)
        || (before.iter()).all(|given| {
            after
                .iter()
                .any(|asked| each(asked).is_subset(&each(given)))
        })
}

/// Describes the credentials of a security scheme: `header Api-Key`, `http bearer`.
fn credentials(scheme: &Value) -> String {
    let text = |key: &str| scheme[key].as_str().unwrap_or_default();
    match text("type") {
        "apiKey" => format!("{} {}", text("in"), text("name")),
        "http" => format!("http {}", text("scheme")),
        other => other.to_owned(),
    }
}
