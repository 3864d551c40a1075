//! The command: measures both crates and checks the limits.

use std::num::NonZeroU8;
use std::path::Path;

use clap::Args;

use super::build::BUILDS;
use super::project::{Depend, Project, target_folder};
use super::report::{Pair, Report, preface};
use crate::problem::{Problem, Result};

/// Options of `cargo xtask compile-time`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Compile each crate N times, alternating between the two
    #[arg(long, value_name = "N", default_value = "5")]
    pairs: NonZeroU8,
}

/// The official crate and the version to compare with.
const OFFICIAL: (&str, &str) = ("retab", "0.0.26");

/// Compiles both crates alternately and prints a comparison.
///
/// # Errors
/// Returns an error if a crate fails to build or a ratio exceeds its limit.
pub(crate) fn run(options: &Options, workspace: &Path) -> Result<()> {
    let folder = target_folder(workspace)?.join("compile-time");
    let (name, version) = OFFICIAL;
    let projects = [
        Project::new(
            &folder,
            "retab-api",
            Depend::Path(&workspace.join("retab-api")),
            Some(&workspace.join("Cargo.lock")),
        )?,
        Project::new(&folder, name, Depend::Version(version), None)?,
    ];
    let [ours, theirs] = &projects;
    println!("{}", preface(ours, theirs, version));
    let mut over = Vec::new();
    for build in BUILDS {
        eprintln!("building the dependencies for cargo {}", build.title());
        for project in &projects {
            project.prepare(build)?;
        }
        let mut pairs = Vec::new();
        for number in 1..=options.pairs.get() {
            eprintln!(
                "cargo {}: pair {number} of {}",
                build.title(),
                options.pairs
            );
            pairs.push(Pair {
                ours: ours.time(build)?,
                theirs: theirs.time(build)?,
            });
        }
        let report = Report::new(build, [&ours.package, &theirs.package], &pairs);
        println!("\n{report}");
        if report.is_over() {
            over.push(format!("cargo {}", build.title()));
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "retab-api",
        format!(
            "the compile time exceeds the limit for {}",
            over.join(" and ")
        ),
        "repeat the measurement with more --pairs on an idle machine; if it still fails, simplify the \
         generated code in xtask/src/generate",
    ))
}
