//! `cargo xtask build`: regenerates `retab-api` if the spec has changed, then builds the workspace.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::problem::{Problem, Result};
use crate::regen::{self, Folders};

/// Options of `cargo xtask build`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Arguments for `cargo build`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Regenerates stale files, then runs `cargo build` in the workspace.
///
/// # Errors
/// Returns an error if `regen` or the build fails.
pub(crate) fn run(options: &Options, workspace: &Path) -> Result<()> {
    let folders = Folders::of(workspace);
    if regen::is_stale(&folders)? {
        eprintln!("regenerating retab-api: openapi/ has changed");
        regen::run(&regen::Options::write(), &folders)?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .arg("build")
        .args(&options.arguments)
        .current_dir(workspace)
        .status();
    let failed = |reason: String| {
        Problem::new(
            "cargo build",
            format_args!("cannot build the workspace: {reason}"),
            "fix the errors printed above",
        )
    };
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(status.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}
