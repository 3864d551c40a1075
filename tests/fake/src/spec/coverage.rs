//! Coverage of the choices that schemas leave open.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::schema::NodeId;

/// The kind of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ChoiceKind {
    /// Whether a property, a parameter or a body is present.
    Presence,
    /// Which variant of a union.
    Variant,
    /// Which value of an enum.
    Value,
    /// Whether an array or a map has any items.
    Content,
    /// Whether an object has an undeclared property.
    Extra,
    /// Which format of a timestamp.
    Format,
}

/// A choice with its alternatives.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) node: NodeId,
    pub(super) kind: ChoiceKind,
    /// The names of the alternatives.
    pub(super) alternatives: Vec<String>,
    /// The name of the node, for reports.
    pub(super) name: String,
}

/// The alternatives that a sampler has drawn.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    drawn: HashMap<(NodeId, ChoiceKind), HashSet<usize>>,
    tracked: HashMap<(NodeId, ChoiceKind), Choice>,
}

impl Coverage {
    /// Returns the number of alternatives of all tracked choices.
    #[must_use]
    pub fn alternatives(&self) -> usize {
        self.tracked
            .values()
            .map(|choice| choice.alternatives.len())
            .sum()
    }

    /// Returns the names of the tracked alternatives that were never drawn, sorted.
    #[must_use]
    pub fn uncovered(&self) -> Vec<String> {
        let mut uncovered: Vec<String> = self
            .tracked
            .values()
            .flat_map(|choice| {
                let names = choice.alternatives.iter().enumerate();
                names
                    .filter(|(index, _)| !self.is_drawn(choice.node, choice.kind, *index))
                    .map(|(_, alternative)| format!("{}: {alternative}", choice.name))
            })
            .collect();
        uncovered.sort();
        uncovered
    }

    /// Returns whether every alternative of these choices was drawn.
    pub(super) fn covers(&self, choices: &[Choice]) -> bool {
        choices.iter().all(|choice| {
            let drawn = self.drawn.get(&(choice.node, choice.kind));
            drawn.is_some_and(|drawn| drawn.len() >= choice.alternatives.len())
        })
    }

    pub(super) fn track(&mut self, choices: &[Choice]) {
        for choice in choices {
            self.tracked
                .entry((choice.node, choice.kind))
                .or_insert_with(|| choice.clone());
        }
    }

    pub(super) fn is_drawn(&self, node: NodeId, kind: ChoiceKind, alternative: usize) -> bool {
        let drawn = self.drawn.get(&(node, kind));
        drawn.is_some_and(|drawn| drawn.contains(&alternative))
    }

    pub(super) fn record(&mut self, node: NodeId, kind: ChoiceKind, alternative: usize) {
        self.drawn
            .entry((node, kind))
            .or_default()
            .insert(alternative);
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternatives = self.alternatives();
        let drawn = alternatives - self.uncovered().len();
        write!(
            f,
            "{drawn} of {alternatives} alternatives of {} choices",
            self.tracked.len()
        )
    }
}
