//! OpenAPI Overlays (1.0 and 1.1), which correct and annotate the upstream spec without editing its copy.
//!
//! The files in `openapi/overlays/` are applied in alphabetical order, and the actions of a file in order.
//! In addition to the Overlay Specification:
//!
//! - Every action requires a reason: its `description`, or that of the overlay's `info` if it covers all actions.
//! - An action that selects nothing has no effect, as in the specification, and is reported, because its target
//!   no longer exists. If no action of a file selects anything, the file is reported once.
//! - An action that is incompatible with its target, such as an object for a string, is skipped and reported.
//! - An overlay with `x-texts: true`, a text overlay, only documents existing values. Its updates may set `title`,
//!   `summary` and `description`. Objects in an update only navigate to the object of that name in the spec, and
//!   are reported if there is none. Otherwise, a description of a removed property would recreate the property.

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

/// A validated overlay.
#[derive(Debug)]
pub(crate) struct Overlay {
    file: String,
    texts: bool,
    actions: Vec<Action>,
}

/// An action, or one of its texts, whose target does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unmatched {
    /// The file of the overlay.
    pub(crate) file: String,
    /// The number of the action in its file, starting at 1.
    pub(crate) action: usize,
    /// The missing target: of the action, or of one of its texts.
    pub(crate) target: String,
    /// The reason for the action.
    pub(crate) reason: String,
    /// Whether the whole action matched nothing, not only one of its texts.
    pub(crate) is_whole: bool,
}

/// A part of an overlay that does not apply to the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// An action, or one of its texts, matched nothing.
    Unmatched(Unmatched),
    /// None of the actions of this file matched anything.
    Foreign {
        /// The file of the overlay.
        file: String,
        /// The number of its actions.
        actions: usize,
    },
    /// An action is incompatible with its target and was skipped.
    LeftOut(Problem),
}

impl Misfit {
    /// Returns whether it fails `regen --check`.
    ///
    /// A text may outlive its property. A whole action without effect would hide an upstream change.
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
                "{file}: none of its {actions} actions matches anything: the overlay is for another spec"
            ),
            Self::LeftOut(problem) => write!(formatter, "skipped: {problem}"),
        }
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, action {}: nothing in the spec matches {} ({})",
            self.file, self.action, self.target, self.reason
        )
    }
}

/// Reads the overlays in `folder` (`*.yaml`, `*.yml`, `*.json`) in alphabetical order.
///
/// Returns no overlays if the directory does not exist.
///
/// # Errors
/// Returns an error if a file cannot be read or is not a valid overlay.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Overlay>> {
    let unreadable = |error| {
        Problem::new(
            folder.display(),
            format_args!("cannot list the directory: {error}"),
            "grant read access to the directory",
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

/// Applies `overlays` to `document` and returns the parts that do not apply.
///
/// An incompatible action is skipped as a whole, so that an overlay for one revision does not prevent the use of
/// another.
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
            // Each iteration skips one more action.
            Err(refused) => left_out.push(refused),
        }
    }
}

/// Applies all actions except those in `left_out`.
///
/// # Errors
/// Returns the index of the first incompatible action and the reason.
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
                    format_args!("cannot apply the action to {}: {reason}", action.target()),
                    "adapt the action to the spec as changed by the preceding actions",
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

/// Combines the unmatched actions of an overlay into one report if none of its actions matched.
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
    /// Validates an overlay that was read from `file`.
    ///
    /// # Errors
    /// Returns an error if the version is unsupported, a member is missing, an action has no reason or a path
    /// is invalid.
    pub(crate) fn from_value(file: String, value: Value) -> Result<Self> {
        let form: Form = serde_json::from_value(value).map_err(|error| {
            Problem::new(
                &file,
                format_args!("invalid OpenAPI Overlay: {error}"),
                "write `overlay: 1.1.0`, `info` with title and version, and an array of `actions`",
            )
        })?;
        if !(form.overlay.starts_with("1.0.") || form.overlay.starts_with("1.1.")) {
            return Err(Problem::new(
                &file,
                format_args!(
                    "version {:?} of the Overlay Specification is not supported",
                    form.overlay
                ),
                "use version 1.1.0",
            ));
        }
        if form.actions.is_empty() {
            return Err(Problem::new(
                &file,
                "an overlay requires at least one action",
                "add an action or remove the file",
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

/// The location of an action in error messages.
struct Place<'a> {
    file: &'a str,
    action: usize,
}

impl Place<'_> {
    fn problem(&self, reason: impl fmt::Display, hint: impl fmt::Display) -> Problem {
        Problem::new(
            format_args!("{}, action {}", self.file, self.action),
            reason,
            hint,
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
