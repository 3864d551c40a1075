//! Which of the choices that the document leaves have been taken.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::schema::Place;

/// What is chosen at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Choice {
    /// Whether a property, a parameter or a body is there.
    Presence,
    /// Which variant of a union.
    Variant,
    /// Which value of an enum.
    Value,
    /// Whether a list or a map has anything in it.
    Content,
    /// Whether an object has a property that nobody declared.
    Extra,
    /// Which form of a value: small or at an edge, with an offset or without.
    Form,
}

/// A choice with its alternatives.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) place: Place,
    pub(super) choice: Choice,
    /// What each alternative is called.
    pub(super) alternatives: Vec<String>,
    /// Where it is, for a reader.
    pub(super) name: String,
}

/// Which alternatives of which choices were taken.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    taken: HashMap<(Place, Choice), HashSet<usize>>,
    expected: HashMap<(Place, Choice), Point>,
}

impl Coverage {
    /// How many alternatives there are at the places that were expected.
    #[must_use]
    pub fn alternatives(&self) -> usize {
        self.expected
            .values()
            .map(|point| point.alternatives.len())
            .sum()
    }

    /// The expected alternatives that were never taken, by name and in order.
    #[must_use]
    pub fn uncovered(&self) -> Vec<String> {
        let mut uncovered: Vec<String> = self
            .expected
            .values()
            .flat_map(|point| {
                let names = point.alternatives.iter().enumerate();
                names
                    .filter(|(at, _)| !self.has_taken(point.place, point.choice, *at))
                    .map(|(_, alternative)| format!("{}: {alternative}", point.name))
            })
            .collect();
        uncovered.sort();
        uncovered
    }

    /// Whether every alternative of these choices was taken.
    pub(super) fn covers(&self, points: &[Point]) -> bool {
        points.iter().all(|point| {
            let taken = self.taken.get(&(point.place, point.choice));
            taken.is_some_and(|taken| taken.len() >= point.alternatives.len())
        })
    }

    pub(super) fn expect(&mut self, points: &[Point]) {
        for point in points {
            self.expected
                .entry((point.place, point.choice))
                .or_insert_with(|| point.clone());
        }
    }

    pub(super) fn has_taken(&self, place: Place, choice: Choice, alternative: usize) -> bool {
        let taken = self.taken.get(&(place, choice));
        taken.is_some_and(|taken| taken.contains(&alternative))
    }

    pub(super) fn take(&mut self, place: Place, choice: Choice, alternative: usize) {
        self.taken
            .entry((place, choice))
            .or_default()
            .insert(alternative);
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternatives = self.alternatives();
        let taken = alternatives - self.uncovered().len();
        write!(
            f,
            "{taken} of {alternatives} alternatives at {} places",
            self.expected.len()
        )
    }
}
