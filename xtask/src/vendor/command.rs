//! The command: checks, vendors and compares a revision.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::Value;

use super::{fetch, structure};
use crate::diff::{self, Report};
use crate::document;
use crate::generate;
use crate::overlay;
use crate::problem::Result;
use crate::repair;
use crate::replace::replace;
use crate::source::{Counts, DOCUMENT, SOURCE, Source, sha256};

/// Options of `cargo xtask vendor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Path or https:// URL of the upstream spec
    #[arg(value_name = "PATH|URL")]
    pub(super) from: String,
    /// Set the date of the revision [default: the date in the name, else Last-Modified, else today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) date: Option<NaiveDate>,
    /// Keep titles, descriptions, examples and extensions, for a private copy
    #[arg(long)]
    pub(super) keep_texts: bool,
    /// Write to this directory [default: openapi/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

#[cfg(test)]
impl Options {
    /// Returns the options that vendor the file at `path`.
    pub(crate) fn of(path: &Path) -> Self {
        Self {
            from: path.display().to_string(),
            date: None,
            keep_texts: false,
            output: None,
        }
    }
}

/// Runs the command and prints the changes; `folder` is the default output directory.
///
/// # Errors
/// Returns an error if the spec cannot be fetched or written, is not OpenAPI 3.0 or 3.1, or is not supported by
/// the generator. No file is changed in that case.
pub(crate) fn run(options: &Options, folder: &Path) -> Result<()> {
    let folder = options.output.as_deref().unwrap_or(folder);
    let upstream = fetch::fetch(&options.from)?;
    let mut document = document::parse_openapi(&upstream.name, &upstream.bytes)?;
    check(&document, folder).map_err(|problem| problem.within(&upstream.name))?;
    if !options.keep_texts {
        structure::drop_texts(&mut document);
    }
    structure::order(&mut document);
    let bytes = structure::print(&document);
    let source = Source {
        date: options.date.unwrap_or_else(|| upstream.date()),
        upstream_sha256: sha256(&upstream.bytes),
        document_sha256: sha256(&bytes),
        counts: Counts::of(&document),
        upstream: upstream.name,
    };
    // Rejects specs that would make `regen` fail.
    let made = generate::generate(corrected(&document, folder), &source);
    made.map_err(|problem| problem.within(&source.upstream))?;
    let changes = changes(folder, &document, &source.upstream);
    replace(&[
        (folder.join(DOCUMENT), Some(bytes)),
        (folder.join(SOURCE), Some(source.print()?.into_bytes())),
    ])?;
    let counts = &source.counts;
    println!(
        "vendored {} ({}): {} paths, {} operations, {} schemas, {} properties, {} parameters",
        source.upstream,
        source.date,
        counts.paths,
        counts.operations,
        counts.schemas,
        counts.properties,
        counts.parameters,
    );
    if let Some(changes) = changes {
        println!("\n{}", changes.text());
    }
    Ok(())
}

/// Rejects a spec that is not supported by the generator, even after applying the overlays in `folder`.
///
/// Overlays that do not apply are ignored: they match the previously vendored revision.
fn check(document: &Value, folder: &Path) -> Result<()> {
    repair::check(&corrected(document, folder))
}

fn corrected(document: &Value, folder: &Path) -> Value {
    let mut corrected = document.clone();
    // Invalid overlays are reported by `regen`.
    let overlays = overlay::read_folder(&folder.join("overlays")).unwrap_or_default();
    overlay::apply(&mut corrected, &overlays);
    corrected
}

/// Compares `document` with the spec in `folder`. Returns `None` if there is no readable one.
pub(super) fn changes(folder: &Path, document: &Value, name: &str) -> Option<Report> {
    let standing = document::read(&folder.join(DOCUMENT)).ok()?;
    let source = Source::read(&folder.join(SOURCE));
    let standing_name = source.map_or_else(|_| DOCUMENT.to_owned(), |source| source.upstream);
    // Invalid overlays are reported by `regen`.
    let overlays = overlay::read_folder(&folder.join("overlays")).unwrap_or_default();
    Some(diff::compare(
        (&standing_name, &standing),
        (name, document),
        &overlays,
    ))
}
