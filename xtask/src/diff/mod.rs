//! `cargo xtask diff`: what has changed between two revisions, and what that does to code that uses the crate.
//!
//! Both documents are compared by structure: texts are no changes, references are followed, null is null however a
//! version of OpenAPI says it, and an `allOf` is what it amounts to. A change of a component is reported once, with the
//! operations that use it; what stands in an operation is reported there.
//!
//! A change is classed by what it does to Rust code that is written against `retab-api`: code that writes requests
//! through builders and setters, and reads fields and matches enums of answers. What the old revision uses a schema
//! for decides, since that is what code can be written against; in both directions the heavier effect counts.
//!
//! | effect | class | what changes so |
//! | --- | --- | --- |
//! | [`New`](Effect::New) | additive | A new function, type, field, optional setter, enum value or variant. Structs and enums are `#[non_exhaustive]`, and what was an unknown value becomes a known one. |
//! | [`MoreTaken`](Effect::MoreTaken) | additive | What a request needed may be left out: the setter stays, and `build` and `send` no longer miss it. Null may be sent where it says something, in the body of a PATCH. More credentials are accepted. |
//! | [`Gone`](Effect::Gone) | breaking | A function, type, field, setter, enum value or variant is gone: code that names it does not compile. |
//! | [`Renamed`](Effect::Renamed) | breaking | A function, setter, type or variant has another name. An operationId or a property that only changes its case keeps its name in Rust. |
//! | [`Retyped`](Effect::Retyped) | breaking | A field or setter has another type. Formats other than `date-time` and `binary`, limits, and a constant in the place of a text have the type they had. |
//! | [`MayBeAbsent`](Effect::MayBeAbsent) | breaking | A field of an answer becomes an `Option`: it is one where it is not required, or can be null, or has a default. |
//! | [`NeverAbsent`](Effect::NeverAbsent) | breaking | A field of an answer is no longer an `Option`. |
//! | [`NoNull`](Effect::NoNull) | breaking | `Nullable::Null` can no longer be given in the body of a PATCH. |
//! | [`Missed`](Effect::Missed) | breaking | A request needs a value: the code compiles, and `build` or `send` fails before anything is sent. |
//! | [`Unauthorized`](Effect::Unauthorized) | breaking | The credentials that were accepted no longer are: the code compiles, and the service refuses it. |
//! | [`NotReadable`](Effect::NotReadable) | breaking | A reference leads nowhere: regen refuses the document. |
//! | [`OnTheWire`](Effect::OnTheWire) | none | The crate sends or takes something else behind the same items: another path, method or status of success, a parameter elsewhere. |
//! | [`NotGenerated`](Effect::NotGenerated) | none | No code is generated from it: errors, cookies, media types that are not sent, types that no request or answer has, security schemes. |
//! | [`Nothing`](Effect::Nothing) | none | At most its documentation changes: limits, defaults (which the service applies), null for a field that is an `Option` already. |

mod bodies;
mod change;
mod comparison;
mod form;
mod operations;
mod pairing;
mod parameters;
mod properties;
mod report;
mod revision;
mod schemas;
mod security;
mod structure;
#[cfg(test)]
mod tests;
mod type_names;
mod types;
mod unions;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

#[cfg(doc)]
use self::change::Effect;
use self::comparison::Comparison;
pub(crate) use self::report::Report;
use self::revision::Revision;
use self::types::Types;
use crate::document;
use crate::generate;
use crate::overlay::{self, Overlay};
use crate::problem::{Problem, Result};

/// The arguments of `cargo xtask diff`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The older document
    old: PathBuf,
    /// The newer document
    new: PathBuf,
    /// How the changes are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fails when there is a change of this class, or of a heavier one
    #[arg(long, value_enum, value_name = "CLASS")]
    fail_on: Option<Threshold>,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// By family, one line a change
    Text,
    /// One JSON object
    Json,
}

/// The class from which on the command fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
    /// Code that no longer compiles, or is refused
    Breaking,
    /// Anything that code could use, or that breaks it
    Additive,
}

/// Compares the two documents; `overlays` is the folder of the corrections, which name types.
///
/// # Errors
/// A document that cannot be read or is not OpenAPI; a change that the options let the command fail on.
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

/// What has changed from one document to another, each with its name.
///
/// The overlays only decide on the names of types; the documents are compared as they are.
pub(crate) fn compare(
    (old_name, old): (&str, &Value),
    (new_name, new): (&str, &Value),
    overlays: &[Overlay],
) -> Report {
    if old == new {
        return Report::of(old_name, new_name, Vec::new());
    }
    let lowering = [old, new].map(|document| begin_to_lower(document, overlays));
    let (before, after) = (Revision::of(old), Revision::of(new));
    let types = Types::of(&before, &after);
    let pairing = pairing::pair(&before, &after);
    let mut comparison = Comparison::new(&before, &after, &types);
    comparison.whole();
    comparison.security(&pairing);
    comparison.broken_references();
    comparison.operations(&pairing);
    comparison.components();
    comparison.type_names(lowering.map(|wait| wait()), &pairing);
    Report::of(old_name, new_name, comparison.into_changes())
}

/// Begins to lower a document as it is corrected.
fn begin_to_lower(document: &Value, overlays: &[Overlay]) -> impl FnOnce() -> Option<Value> {
    let mut corrected = document.clone();
    overlay::apply(&mut corrected, overlays);
    generate::begin_to_lower(corrected)
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
    let (what, mend) = match fail_on {
        Some(Threshold::Additive) => ("breaking or additive", "take the changes in"),
        _ => ("breaking", "adapt the code that they break"),
    };
    Err(Problem::new(
        place,
        format_args!("there are {count} {what} changes, listed above"),
        format_args!("{mend}, or run without --fail-on"),
    ))
}
