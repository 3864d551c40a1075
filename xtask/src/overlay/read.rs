//! Reading and validating overlays.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::action::{self, Action, Place};
use crate::document;
use crate::problem::{Problem, Result};

/// A validated overlay.
#[derive(Debug)]
pub(crate) struct Overlay {
    pub(super) file: String,
    pub(super) texts: bool,
    pub(super) actions: Vec<Action>,
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

impl Overlay {
    /// Validates an overlay that was read from `file`.
    ///
    /// # Errors
    /// Returns an error if the version is unsupported, a member is missing, an action has no reason or a path
    /// is invalid.
    pub(super) fn from_value(file: String, value: Value) -> Result<Self> {
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
