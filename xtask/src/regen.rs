//! `cargo xtask regen`: the generated module of `retab-api`, written anew or compared.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;

use crate::document;
use crate::generate::{self, Files};
use crate::openapi_digest;
use crate::overlay;
use crate::problem::{Problem, Result};
use crate::replace::replace;
use crate::vendor::Source;

/// Where the digest of `openapi/` is recorded, for the build script of `retab-api`.
const DIGEST: &str = "openapi.digest";

/// What `cargo xtask regen` is asked to do.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Writes nothing: prints what is stale as a diff, and fails if anything is
    #[arg(long)]
    check: bool,
}

impl Options {
    /// The options that write.
    pub(crate) fn write() -> Self {
        Self { check: false }
    }
}

/// Where the document stands and where the generated files go.
#[derive(Debug)]
pub(crate) struct Folders {
    /// `openapi/`.
    pub(crate) openapi: PathBuf,
    /// `retab-api/src/generated/`.
    pub(crate) generated: PathBuf,
}

impl Folders {
    /// The folders of a workspace.
    pub(crate) fn of(workspace: &Path) -> Self {
        Self {
            openapi: workspace.join("openapi"),
            generated: workspace.join("retab-api/src/generated"),
        }
    }
}

/// Writes the generated files, or compares them.
///
/// # Errors
/// A document or an overlay that cannot be used; with `check`, also files that are stale and overlay
/// actions that match nothing.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<()> {
    let (files, unmatched) = generated(folders)?;
    for action in &unmatched {
        eprintln!("warning: {action}");
    }
    if !options.check {
        return write(&files, folders);
    }
    let stale = difference(&files, &folders.generated)?;
    if !stale.is_empty() {
        println!("{stale}");
        return Err(Problem::new(
            folders.generated.display(),
            "the generated files are stale; the diff above leads to what they should be",
            "run `cargo xtask regen` and commit what it writes",
        ));
    }
    if !unmatched.is_empty() {
        return Err(Problem::new(
            folders.openapi.join("overlays").display(),
            format!("{} actions match nothing in the document", unmatched.len()),
            "drop the actions that the warnings name, or mend their targets",
        ));
    }
    Ok(())
}

/// Whether the digest of `openapi/` is another than the one recorded when the files were generated.
pub(crate) fn is_stale(folders: &Folders) -> Result<bool> {
    let recorded = fs::read_to_string(folders.generated.join(DIGEST)).unwrap_or_default();
    Ok(recorded.trim() != digest(folders)?)
}

fn digest(folders: &Folders) -> Result<String> {
    openapi_digest::folder(&folders.openapi).map_err(|error| {
        Problem::new(
            folders.openapi.display(),
            format!("the folder cannot be read: {error}"),
            "run `cargo xtask vendor` with a document",
        )
    })
}

/// The files that the document and its overlays make.
fn generated(folders: &Folders) -> Result<(Files, Vec<overlay::Unmatched>)> {
    let source = Source::read(&folders.openapi.join("source.toml"))?;
    let mut document = document::read(&folders.openapi.join("retab.json"))?;
    let overlays = overlay::read_folder(&folders.openapi.join("overlays"))?;
    let unmatched = overlay::apply(&mut document, &overlays)?;
    let mut files = generate::generate(document, &source)?;
    files.insert(DIGEST.to_owned(), format!("{}\n", digest(folders)?));
    Ok((files, unmatched))
}

fn write(files: &Files, folders: &Folders) -> Result<()> {
    let obsolete = present(&folders.generated)?;
    let obsolete = obsolete.iter().filter(|name| !files.contains_key(*name));
    let contents = files
        .iter()
        .map(|(name, text)| (name, Some(text.clone().into_bytes())))
        .chain(obsolete.map(|name| (name, None)))
        .map(|(name, content)| (folders.generated.join(name), content));
    replace(&contents.collect::<Vec<(PathBuf, Option<Vec<u8>>)>>())
}

/// What is on disk and what should be, as a unified diff; empty where they are equal.
fn difference(files: &Files, folder: &Path) -> Result<String> {
    let present = present(folder)?;
    let names: BTreeSet<&String> = files.keys().chain(&present).collect();
    let mut difference = String::new();
    for name in names {
        let old = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let new = files.get(name).map_or("", String::as_str);
        if old != new || present.contains(name) != files.contains_key(name) {
            let lines = TextDiff::from_lines(old.as_str(), new);
            let (from, to) = (format!("a/{name}"), format!("b/{name}"));
            // Writing to a string does not fail.
            let _ = write!(difference, "{}", lines.unified_diff().header(&from, &to));
        }
    }
    Ok(difference)
}

/// The files below a folder, by their path within it.
fn present(folder: &Path) -> Result<BTreeSet<String>> {
    let unreadable = |error: std::io::Error| {
        Problem::new(
            folder.display(),
            error,
            "give yourself the right to read the folder",
        )
    };
    let mut found = BTreeSet::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let entries = match fs::read_dir(folder.join(&relative)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(error)),
        };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let path = relative.join(entry.file_name());
            if entry.file_type().map_err(unreadable)?.is_dir() {
                open.push(path);
            } else {
                let names: Vec<String> = path
                    .iter()
                    .map(|part| part.to_string_lossy().into_owned())
                    .collect();
                found.insert(names.join("/"));
            }
        }
    }
    Ok(found)
}
