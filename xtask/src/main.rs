//! `cargo xtask`: vendors Retab's OpenAPI spec, regenerates `retab-api` from it and measures its
//! compile time.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod build;
mod compile_time;
mod diff;
mod document;
mod generate;
mod lower;
#[path = "../../retab-api/build/digest.rs"]
mod openapi_digest;
mod overlay;
mod problem;
mod refuse;
mod regen;
mod repair;
mod replace;
mod source;
mod vendor;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::problem::{Problem, Result};
use crate::regen::Folders;

#[derive(Debug, Parser)]
#[command(about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Vendor a revision of the OpenAPI spec into openapi/
    Vendor(vendor::Options),
    /// Generate retab-api from openapi/
    Regen(regen::Options),
    /// Compare two OpenAPI specs and classify each change by its effect on code that uses retab-api
    Diff(diff::Options),
    /// Regenerate retab-api if openapi/ has changed, then build the workspace
    Build(build::Options),
    /// Measure the compile time of retab-api against the official crate
    CompileTime(compile_time::Options),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    // A deeply nested spec can overflow the stack of the main thread.
    let run = std::thread::Builder::new()
        .stack_size(generate::STACK)
        .spawn(move || run(&command));
    let end = run.map_err(|error| {
        Problem::new(
            "xtask",
            format_args!("cannot start a thread: {error}"),
            "free some memory",
        )
    });
    match end.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(problem))) | Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
        // The panic hook has already printed the message.
        Ok(Err(_)) => ExitCode::FAILURE,
    }
}

fn run(command: &Command) -> Result<()> {
    match command {
        Command::Vendor(options) => vendor::run(options, &workspace().join("openapi")),
        Command::Regen(options) => regen::run(options, &Folders::of(&workspace())),
        Command::Diff(options) => diff::run(options, &workspace().join("openapi/overlays")),
        Command::Build(options) => build::run(options, &workspace()),
        Command::CompileTime(options) => compile_time::run(options, &workspace()),
    }
}

/// Returns the root of the workspace that contains this crate.
fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}
