//! `cargo xtask vendor`: takes a revision of the upstream document into `openapi/`.
//!
//! A document of 3.0 is brought to the form of 3.1, and one that no code can be generated from is refused. What is
//! kept is structure, which is fact and not prose; see [`structure`] for what that is and for the order
//! that makes two revisions comparable line by line.

mod fetch;
mod source;
mod structure;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::Value;

pub(crate) use self::source::{Counts, Source, sha256};
use crate::diff::{self, Report};
use crate::document;
use crate::generate;
use crate::overlay;
use crate::problem::Result;
use crate::repair;
use crate::replace::replace;

/// The name of the vendored document in its folder.
pub(crate) const DOCUMENT: &str = "retab.json";
/// The name of the file beside it that says where it came from.
pub(crate) const SOURCE: &str = "source.toml";

/// The arguments of `cargo xtask vendor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// File or https URL of the upstream document
    #[arg(value_name = "PATH|URL")]
    from: String,
    /// Date of the revision [default: the date in the name, else Last-Modified, else today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// Keep titles, descriptions, examples and extensions, for a private copy
    #[arg(long)]
    keep_texts: bool,
    /// Folder to write to [default: openapi/ of the workspace]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[cfg(test)]
impl Options {
    /// The options that take over the file at `path`.
    pub(crate) fn of(path: &Path) -> Self {
        Self {
            from: path.display().to_string(),
            date: None,
            keep_texts: false,
            output: None,
        }
    }
}

/// Runs the command and prints what has changed; `folder` is where the document goes unless the options say otherwise.
///
/// # Errors
/// A document that cannot be fetched, is not OpenAPI of version 3.0 or 3.1, has something in it that no code can be
/// generated from, or cannot be written. Nothing is written then.
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
    // What regen would fail at is not taken over.
    let made = generate::generate(corrected(&document, folder), &source);
    made.map_err(|problem| problem.within(&source.upstream))?;
    let changes = changes(folder, &document, &source.upstream);
    replace(&[
        (folder.join(DOCUMENT), Some(bytes)),
        (folder.join(SOURCE), Some(source.print()?.into_bytes())),
    ])?;
    let counts = &source.counts;
    println!(
        "vendored {} of {}: {} paths, {} operations, {} schemas, {} properties, {} parameters",
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

/// Refuses a document that nothing can be generated from, with the corrections of the overlays beside it.
///
/// Overlays that do not fit it are no reason to refuse it: they are made to fit the document that was vendored.
fn check(document: &Value, folder: &Path) -> Result<()> {
    repair::check(&corrected(document, folder))
}

fn corrected(document: &Value, folder: &Path) -> Value {
    let mut corrected = document.clone();
    // Overlays that cannot be read are regen's to refuse.
    let overlays = overlay::read_folder(&folder.join("overlays")).unwrap_or_default();
    overlay::apply(&mut corrected, &overlays);
    corrected
}

/// What `document` changes of the one that stands in `folder`, if one that can be read does.
fn changes(folder: &Path, document: &Value, name: &str) -> Option<Report> {
    let standing = document::read(&folder.join(DOCUMENT)).ok()?;
    let source = Source::read(&folder.join(SOURCE));
    let standing_name = source.map_or_else(|_| DOCUMENT.to_owned(), |source| source.upstream);
    // Overlays that cannot be read are regen's to refuse.
    let overlays = overlay::read_folder(&folder.join("overlays")).unwrap_or_default();
    Some(diff::compare(
        (&standing_name, &standing),
        (name, document),
        &overlays,
    ))
}

#[cfg(test)]
mod tests;
