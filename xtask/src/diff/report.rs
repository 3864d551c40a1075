//! The output of a comparison as text and JSON.
//!
//! The JSON output is one object. Members may be added, but existing members keep their meaning:
//!
//! ```json
//! {
//!   "old": "2026-05-30.json",
//!   "new": "2026-08-16.json",
//!   "counts": {"breaking": 1, "additive": 0, "none": 0},
//!   "changes": [{
//!     "class": "breaking",
//!     "kind": "property-removed",
//!     "effect": "gone",
//!     "family": "workflow_runs",
//!     "place": "WorkflowRun.lifecycle",
//!     "old_pointer": "/components/schemas/WorkflowRun/properties/lifecycle",
//!     "new_pointer": null,
//!     "before": "RunLifecycle",
//!     "after": null,
//!     "operations": ["get_workflow_run"],
//!     "families": ["workflow_runs"]
//!   }]
//! }
//! ```
//!
//! `class` is `breaking`, `additive` or `none`. [`Change`] documents the other members. Comparing a revision with
//! itself returns an empty array of changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::change::{Change, Class, Kind};

/// The maximum number of families in a line.
const NAMED: usize = 4;

/// The changes between two revisions, in output order.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    old: String,
    new: String,
    counts: Counts,
    changes: Vec<Change>,
}

/// The number of changes of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) breaking: usize,
    pub(crate) additive: usize,
    pub(crate) none: usize,
}

impl Report {
    /// Creates a report and sorts the changes between the specs named `old` and `new`.
    pub(super) fn of(old: &str, new: &str, mut changes: Vec<Change>) -> Self {
        changes.sort_by(|one, other| {
            rank(&one.family)
                .cmp(&rank(&other.family))
                .then(other.class.cmp(&one.class))
                .then_with(|| one.place.cmp(&other.place))
                .then(one.kind.cmp(&other.kind))
                .then_with(|| (&one.before, &one.after).cmp(&(&other.before, &other.after)))
                .then_with(|| one.new_pointer.cmp(&other.new_pointer))
        });
        let mut counts = Counts::default();
        for change in &changes {
            match change.class {
                Class::Breaking => counts.breaking += 1,
                Class::Additive => counts.additive += 1,
                Class::None => counts.none += 1,
            }
        }
        Self {
            old: old.to_owned(),
            new: new.to_owned(),
            counts,
            changes,
        }
    }

    /// Returns the number of changes of each class.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the changes.
    #[cfg(test)]
    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Formats the report as text: one line per change, grouped by family, then the counts.
    pub(crate) fn text(&self) -> String {
        if self.changes.is_empty() {
            return format!("{} -> {}: no changes", self.old, self.new);
        }
        let mut text = format!("{} -> {}\n", self.old, self.new);
        let mut family = None;
        for change in &self.changes {
            if family != Some(&change.family) {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\n{}\n", change.family);
                family = Some(&change.family);
            }
            text.push_str(&line(change));
        }
        let Counts {
            breaking,
            additive,
            none,
        } = self.counts;
        let _ = write!(
            text,
            "\n{} changes: {breaking} breaking (!), {additive} additive (+), {none} without effect on code (.)\n",
            self.changes.len()
        );
        let mut kinds: BTreeMap<Kind, Counts> = BTreeMap::new();
        for change in &self.changes {
            let counts = kinds.entry(change.kind).or_default();
            match change.class {
                Class::Breaking => counts.breaking += 1,
                Class::Additive => counts.additive += 1,
                Class::None => counts.none += 1,
            }
        }
        for (kind, counts) in kinds {
            let all = counts.breaking + counts.additive + counts.none;
            let _ = write!(text, "{all:6} {kind}:");
            let classes = [
                (Class::Breaking, counts.breaking),
                (Class::Additive, counts.additive),
                (Class::None, counts.none),
            ];
            for (class, count) in classes.into_iter().filter(|(_, count)| *count > 0) {
                let _ = write!(text, " {}{count}", class.sign());
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Formats the report as JSON, as described in the module documentation.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Sorts changes of the whole spec first, and shared and unused parts last.
fn rank(family: &str) -> (u8, &str) {
    let group = match family {
        "spec" => 0,
        "shared" => 2,
        "unused" => 3,
        _ => 1,
    };
    (group, family)
}

fn line(change: &Change) -> String {
    let mut line = format!(
        "  {} {}: {}",
        change.class.sign(),
        change.place,
        change.kind
    );
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            let _ = write!(line, " {before} -> {after}");
        }
        (Some(one), None) | (None, Some(one)) => {
            let is_default = matches!(
                change.kind,
                Kind::DefaultChanged
                    | Kind::FormatChanged
                    | Kind::LimitsChanged
                    | Kind::ExtraPropertiesChanged
            );
            let (before, after) = if change.before.is_some() {
                (one.as_str(), "none")
            } else {
                ("none", one.as_str())
            };
            let _ = if is_default {
                write!(line, " {before} -> {after}")
            } else {
                write!(line, " {one}")
            };
        }
        (None, None) => {}
    }
    if let Some(note) = change.effect.note() {
        let _ = write!(line, " ({note})");
    }
    if change.families.len() > 1 {
        let named: Vec<&str> = change
            .families
            .iter()
            .take(NAMED)
            .map(String::as_str)
            .collect();
        let more = change.families.len() - named.len();
        let _ = write!(line, " [{}", named.join(", "));
        if more > 0 {
            let _ = write!(line, " and {more} more");
        }
        line.push(']');
    }
    line.push('\n');
    line
}
