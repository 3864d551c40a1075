//! `cargo xtask build`: regenerates when the document has changed, then builds.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::problem::{Problem, Result};
use crate::regen::{self, Folders};

/// What `cargo xtask build` hands on to `cargo build`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Arguments for `cargo build`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Regenerates when stale, then runs `cargo build` in the workspace.
///
/// # Errors
/// What `regen` answers, and a build that fails.
pub(crate) fn run(options: &Options, workspace: &Path) -> Result<()> {
    let folders = Folders::of(workspace);
    if regen::is_stale(&folders)? {
        eprintln!("openapi/ has changed since retab-api was generated: regenerating");
        regen::run(&regen::Options::write(), &folders)?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .arg("build")
        .args(&options.arguments)
        .current_dir(workspace)
        .status();
    let failed = |reason: String| Problem::new("cargo build", reason, "mend what it printed above");
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(status.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}
