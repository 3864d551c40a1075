//! `cargo xtask diff`: lists the changes between two revisions and classifies their effect on code that uses the crate.
//!
//! The comparison is structural. It ignores prose, follows references, merges `allOf`, and treats the nullable forms
//! of all OpenAPI versions alike. A change of a component is reported once, with the operations that use it. A change
//! inside an operation is reported for that operation.
//!
//! Changes are classified by their effect on Rust code that uses `retab-api`. Such code builds requests through
//! builders and setters, and reads fields and matches enums of responses. The effect depends on the use of a schema in
//! the old revision, the one that existing code is written against. For schemas in requests and responses, the more
//! severe effect counts.
//!
//! | effect | class | changes |
//! | --- | --- | --- |
//! | [`New`](Effect::New) | additive | A function, type, field, optional setter, enum value or variant is added. Structs and enums are `#[non_exhaustive]`, and a previously unknown value becomes a known one. |
//! | [`Relaxed`](Effect::Relaxed) | additive | A required value of a request becomes optional: the setter stays, but `build` and `send` no longer require it. A PATCH body accepts null. More credentials are accepted. |
//! | [`Gone`](Effect::Gone) | breaking | A function, type, field, setter, enum value or variant is removed. Code that uses it does not compile. |
//! | [`Renamed`](Effect::Renamed) | breaking | A function, setter, type or variant is renamed. An operationId or property that only changes its case keeps its Rust name. |
//! | [`Retyped`](Effect::Retyped) | breaking | The type of a field or setter changes. Formats other than `date-time` and `binary`, limits, and constants instead of strings do not affect the type. |
//! | [`BecomesOption`](Effect::BecomesOption) | breaking | A field of a response becomes an `Option`, because it is no longer required, becomes nullable or has a default. |
//! | [`NoLongerOption`](Effect::NoLongerOption) | breaking | A field of a response is no longer an `Option`. |
//! | [`NoNull`](Effect::NoNull) | breaking | A PATCH body no longer accepts `Nullable::Null`. |
//! | [`NewlyRequired`](Effect::NewlyRequired) | breaking | A request requires a value. Code without it compiles, but `build` or `send` fails before sending. |
//! | [`Unauthorized`](Effect::Unauthorized) | breaking | Previously accepted credentials are rejected. The code compiles, but the service rejects the request. |
//! | [`Rejected`](Effect::Rejected) | breaking | A reference is broken and `regen` rejects the spec. |
//! | [`OnTheWire`](Effect::OnTheWire) | none | Only the HTTP exchange changes, not the generated items: another path, method or success status, or a parameter in another location. |
//! | [`NotGenerated`](Effect::NotGenerated) | none | The changed part generates no code: errors, cookies, unsent media types, types outside of requests and responses, security schemes. |
//! | [`Nothing`](Effect::Nothing) | none | At most the documentation changes: limits, defaults (applied by the service), null for a field that already is an `Option`. |

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

/// Options of `cargo xtask diff`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Path of the older spec
    old: PathBuf,
    /// Path of the newer spec
    new: PathBuf,
    /// Print the changes in this format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fail if there is a change of this class or of a more severe one
    #[arg(long, value_enum, value_name = "CLASS")]
    fail_on: Option<Threshold>,
}

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Print one line per change, grouped by family
    Text,
    /// Print one JSON object
    Json,
}

/// The least severe class that makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
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

/// Compares two named specs.
///
/// The overlays only affect the names of types. The specs are compared without corrections.
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

/// Starts to lower a spec after applying the overlays.
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
