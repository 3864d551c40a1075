//! OpenAPI Overlays (1.0 and 1.1): what is said about the upstream document without changing its copy.
//!
//! The files of `openapi/overlays/` are applied in the order of their names and the actions of a file in theirs.
//! Beyond the specification:
//!
//! - Every action has a reason: its `description`, or that of the overlay's `info` where one reason serves all.
//! - An action that selects nothing changes nothing, as the specification has it, and is reported: it speaks of
//!   something that is gone. Where that is so of every action of a file, the file is reported, once.
//! - An action that does not fit what it selects, such as an object for a text, is left out and reported.
//! - An overlay with `x-texts: true` says what exists and nothing else. Its updates may set `title`, `summary` and
//!   `description`; an object in them only leads to the object of that name in the document, and is reported when
//!   there is none. Without it, a text of a property that was dropped upstream would make a new property.

mod action;
mod merge;

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use self::action::Action;
use crate::document;
use crate::problem::{Problem, Result};

/// An overlay that was read and checked.
#[derive(Debug)]
pub(crate) struct Overlay {
    file: String,
    texts: bool,
    actions: Vec<Action>,
}

/// An action that found nothing in the document to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unmatched {
    /// The file of the overlay.
    pub(crate) file: String,
    /// The place of the action in its file; the first is 1.
    pub(crate) action: usize,
    /// What was not found: the target, or the part of the document that a text is for.
    pub(crate) target: String,
    /// Why the action is there.
    pub(crate) reason: String,
    /// Whether the whole action found nothing, not only one of its texts.
    pub(crate) is_whole: bool,
}

/// What an overlay has for a document that it was not written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// An action, or one of its texts, found nothing.
    Unmatched(Unmatched),
    /// None of the actions of this file found anything.
    Foreign {
        /// The file of the overlay.
        file: String,
        /// How many actions it has.
        actions: usize,
    },
    /// An action does not fit what it found, and was left out.
    LeftOut(Problem),
}

impl Misfit {
    /// Whether a check fails for it: a text may outlive the property it is for, a correction or a whole action that
    /// does nothing hides what has changed.
    pub(crate) fn is_failure(&self) -> bool {
        match self {
            Self::Unmatched(unmatched) => unmatched.is_whole,
            Self::Foreign { .. } | Self::LeftOut(_) => true,
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmatched(unmatched) => unmatched.fmt(formatter),
            Self::Foreign { file, actions } => write!(
                formatter,
                "{file}: none of its {actions} actions finds anything: it was written for another document"
            ),
            Self::LeftOut(problem) => write!(formatter, "left out: {problem}"),
        }
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, action {}: nothing in the document matches {} ({})",
            self.file, self.action, self.target, self.reason
        )
    }
}

/// Reads the overlays of `folder` (`*.yaml`, `*.yml`, `*.json`) in the order of their names.
///
/// A folder that does not exist has none.
///
/// # Errors
/// A file that cannot be read, or is no overlay of this form.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Overlay>> {
    let unreadable = |error| {
        Problem::new(
            folder.display(),
            format_args!("the folder cannot be listed: {error}"),
            "give yourself the right to read it",
        )
    };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let end = path.extension().and_then(|end| end.to_str());
        if !hidden && matches!(end, Some("yaml" | "yml" | "json")) {
            paths.push(path);
        }
    }
    paths.sort();
    (paths.iter())
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            let file = name.map_or_else(|| path.display().to_string(), Into::into);
            Overlay::from_value(file, document::read(path)?)
        })
        .collect()
}

/// Applies `overlays` to `document` as far as they fit, and reports what does not.
///
/// An action that fits makes the document a correct one no less than it was; one that does not is left out whole, so
/// that an overlay of one revision is no reason to refuse another.
pub(crate) fn apply(document: &mut Value, overlays: &[Overlay]) -> Vec<Misfit> {
    let mut left_out: Vec<((usize, usize), Problem)> = Vec::new();
    loop {
        let mut changed = document.clone();
        match apply_but(&left_out, &mut changed, overlays) {
            Ok(unmatched) => {
                *document = changed;
                let problems = left_out.into_iter().map(|(_, problem)| problem);
                let mut misfits: Vec<Misfit> = problems.map(Misfit::LeftOut).collect();
                misfits.extend(grouped(unmatched, overlays));
                return misfits;
            }
            // Each round leaves out one action more.
            Err(refused) => left_out.push(refused),
        }
    }
}

/// Applies all actions but those at the places of `left_out`; the place of one that does not fit, and why.
fn apply_but(
    left_out: &[((usize, usize), Problem)],
    document: &mut Value,
    overlays: &[Overlay],
) -> Result<Vec<Unmatched>, ((usize, usize), Problem)> {
    let mut unmatched = Vec::new();
    for (number, overlay) in overlays.iter().enumerate() {
        for (index, action) in overlay.actions.iter().enumerate() {
            let at = (number, index);
            if left_out.iter().any(|(place, _)| *place == at) {
                continue;
            }
            let place = Place {
                file: &overlay.file,
                action: index + 1,
            };
            let missing = action.apply(document, overlay.texts).map_err(|reason| {
                let problem = place.problem(
                    format_args!("{} does not fit: {reason}", action.target()),
                    "make the action fit the document as the actions before it leave it",
                );
                (at, problem)
            })?;
            unmatched.extend(missing.into_iter().map(|target| Unmatched {
                file: overlay.file.clone(),
                action: index + 1,
                is_whole: target == action.target(),
                target,
                reason: action.reason.clone(),
            }));
        }
    }
    Ok(unmatched)
}

/// One report for an overlay of which nothing was found.
fn grouped(unmatched: Vec<Unmatched>, overlays: &[Overlay]) -> Vec<Misfit> {
    let foreign = |overlay: &&Overlay| {
        let of = |unmatched: &&Unmatched| unmatched.is_whole && unmatched.file == overlay.file;
        overlay.actions.len() > 1 && unmatched.iter().filter(of).count() == overlay.actions.len()
    };
    let foreign: Vec<&Overlay> = overlays.iter().filter(foreign).collect();
    let whole = foreign.iter().map(|overlay| Misfit::Foreign {
        file: overlay.file.clone(),
        actions: overlay.actions.len(),
    });
    let whole: Vec<Misfit> = whole.collect();
    let is_single = |unmatched: &Unmatched| foreign.iter().all(|of| of.file != unmatched.file);
    let singles = unmatched.into_iter().filter(is_single).collect::<Vec<_>>();
    (whole.into_iter())
        .chain(singles.into_iter().map(Misfit::Unmatched))
        .collect()
}

impl Overlay {
    /// Checks the form of an overlay that was read from `file`.
    ///
    /// # Errors
    /// Another version, a missing member, an action without a reason, a target that is no JSON path.
    pub(crate) fn from_value(file: String, value: Value) -> Result<Self> {
        let form: Form = serde_json::from_value(value).map_err(|error| {
            Problem::new(
                &file,
                format_args!("this is not an OpenAPI Overlay: {error}"),
                "give it `overlay: 1.1.0`, `info` with title and version, and a list of `actions`",
            )
        })?;
        if !(form.overlay.starts_with("1.0.") || form.overlay.starts_with("1.1.")) {
            return Err(Problem::new(
                &file,
                format_args!(
                    "version {:?} of the Overlay Specification is not known",
                    form.overlay
                ),
                "write the overlay in version 1.1.0",
            ));
        }
        if form.actions.is_empty() {
            return Err(Problem::new(
                &file,
                "an overlay has at least one action",
                "add one, or remove the file",
            ));
        }
        let actions = (form.actions.into_iter().enumerate())
            .map(|(index, action)| {
                let place = Place {
                    file: &file,
                    action: index + 1,
                };
                Action::from_form(action, form.info.description.as_deref(), &place)
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            file,
            texts: form.texts,
            actions,
        })
    }
}

/// An action as a message names it.
struct Place<'a> {
    file: &'a str,
    action: usize,
}

impl Place<'_> {
    fn problem(&self, reason: impl fmt::Display, mend: impl fmt::Display) -> Problem {
        Problem::new(
            format_args!("{}, action {}", self.file, self.action),
            reason,
            mend,
        )
    }
}

/// The Overlay Object of the specification.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    overlay: String,
    info: Info,
    #[serde(rename = "extends")]
    _extends: Option<String>,
    actions: Vec<action::Form>,
    #[serde(default, rename = "x-texts")]
    texts: bool,
}

/// The Info Object of the specification.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "version")]
    _version: String,
    description: Option<String>,
}

#[cfg(test)]
mod tests;
