//! `cargo xtask compile-time`: how long `retab-api` takes to compile, beside the official crate.
//!
//! Only ratios within one run mean something: the two are compiled in turn, so that what else the
//! machine does falls on both. It is no part of what every change must pass, since it takes minutes
//! and compiles what the workspace does not depend on.

mod project;
mod report;

use std::num::NonZeroU8;
use std::path::Path;

use clap::Args;

use self::project::{Depend, Project};
use self::report::{Pair, Report};
use crate::problem::{Problem, Result};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often each crate is compiled, in turn with the other
    #[arg(long, value_name = "N", default_value = "5")]
    pairs: NonZeroU8,
}

/// The crate that ours is held against, and its version.
const OFFICIAL: (&str, &str) = ("retab", "0.0.26");

/// A way to compile a crate.
#[derive(Clone, Copy, Debug)]
struct Build {
    command: &'static [&'static str],
    profile: &'static str,
    /// The most that ours may take, as a multiple of the official crate's time.
    limit: f64,
}

const BUILDS: [Build; 2] = [
    Build {
        command: &["check"],
        profile: "dev",
        limit: 1.0,
    },
    Build {
        command: &["build", "--release"],
        profile: "release",
        limit: 1.2,
    },
];

/// Compiles both crates in turn and prints how they compare.
///
/// # Errors
/// A crate that does not build, and a ratio over its limit.
pub(crate) fn run(options: &Options, workspace: &Path) -> Result<()> {
    let folder = project::target_folder(workspace)?.join("compile-time");
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
    println!("{}", report::preface(ours, theirs, version));
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
        "the compile time of retab-api",
        format!("over its limit for {}", over.join(" and ")),
        "run it again with more --pairs on a machine that does nothing else; if it stays over, make the \
         generated code leaner in xtask/src/generate",
    ))
}

impl Build {
    fn title(&self) -> String {
        self.command.join(" ")
    }
}
