//! The command: compares two files and prints the report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::compare::compare;
use super::report::Report;
use crate::document;
use crate::overlay;
use crate::problem::{Problem, Result};

/// Options of `cargo xtask diff`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Path of the older spec
    pub(super) old: PathBuf,
    /// Path of the newer spec
    pub(super) new: PathBuf,
    /// Print the changes in this format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Fail if there is a change of this class or of a more severe one
    #[arg(long, value_enum, value_name = "CLASS")]
    pub(super) fail_on: Option<Threshold>,
}

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Print one line per change, grouped by family
    Text,
    /// Print one JSON object
    Json,
}

/// The least severe class that makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Threshold {
    /// Fail on breaking changes
    Breaking,
    /// Fail on additive and breaking changes
    Additive,
}

/// Compares the two specs; `overlays` is the directory of the overlays, which affect the names of types.
///
/// # Errors
/// Returns an error if a spec cannot be read or is not OpenAPI, or if there is a change covered by `--fail-on`.
pub(crate) fn run(options: &Options, overlays: &Path) -> Result<()> {
    let old = document::read_openapi(&options.old)?;
    let new = document::read_openapi(&options.new)?;
    let names = [&options.old, &options.new].map(|path| path.display().to_string());
    let report = compare(
        (&names[0], &old),
        (&names[1], &new),
        &overlay::read_folder(overlays)?,
    );
    match options.format {
        Format::Text => println!("{}", report.text()),
        Format::Json => println!("{}", report.json()),
    }
    check(&report, &names.join(" -> "), options.fail_on)
}

fn check(report: &Report, place: &str, fail_on: Option<Threshold>) -> Result<()> {
    let counts = report.counts();
    let count = match fail_on {
        None => 0,
        Some(Threshold::Breaking) => counts.breaking,
        Some(Threshold::Additive) => counts.breaking + counts.additive,
    };
    if count == 0 {
        return Ok(());
    }
    let (what, hint) = match fail_on {
        Some(Threshold::Additive) => ("breaking or additive", "review the changes"),
        _ => ("breaking", "adapt the affected code"),
    };
    Err(Problem::new(
        place,
        format_args!("found {count} {what} changes, listed above"),
        format_args!("{hint}, or run without --fail-on"),
    ))
}
