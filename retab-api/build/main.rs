//! Fails the build of a checkout if the generated code is older than `openapi/`.
//!
//! The check is skipped in published crates, which do not contain `openapi/`.

// Build scripts pass instructions to cargo on stdout.
#![allow(clippy::print_stdout)]

mod digest;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The file in which `cargo xtask regen` records the digest of its input.
const RECORD: &str = "src/generated/openapi.digest";

fn main() {
    let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
    let openapi = package.join("..").join("openapi");
    println!("cargo::rerun-if-changed=build");
    if !["retab.json", "source.toml"]
        .iter()
        .all(|name| openapi.join(name).is_file())
    {
        return;
    }
    // Cargo watches all files in a directory, including added and removed ones.
    println!("cargo::rerun-if-changed=../openapi");
    println!("cargo::rerun-if-changed={RECORD}");
    if let Err(reason) = check(&openapi, &package.join(RECORD)) {
        println!(
            "cargo::error=cannot build retab-api: {reason}; run `cargo xtask regen` and build again"
        );
    }
}

fn check(openapi: &Path, record: &Path) -> Result<(), String> {
    let current = digest::folder(openapi)
        .map_err(|error| format!("failed to compute the digest of openapi/: {error}"))?;
    match fs::read_to_string(record) {
        Ok(recorded) if recorded.trim() == current => Ok(()),
        Ok(_) => Err("the generated code is stale because openapi/ has changed".to_owned()),
        Err(error) => Err(format!(
            "failed to read the recorded digest {RECORD}: {error}"
        )),
    }
}
