//! Fails the build of a checkout in which the generated code is older than `openapi/`.
//!
//! A published crate has no `openapi/` beside it and passes at once.

// This is how a build script speaks to cargo.
#![allow(clippy::print_stdout)]

mod digest;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Where `cargo xtask regen` records the digest of what it generated from.
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
    // A folder stands for everything in it: files that come, go or change.
    println!("cargo::rerun-if-changed=../openapi");
    println!("cargo::rerun-if-changed={RECORD}");
    if let Err(reason) = check(&openapi, &package.join(RECORD)) {
        println!("cargo::error={reason}; run `cargo xtask regen`, then build again");
    }
}

fn check(openapi: &Path, record: &Path) -> Result<(), String> {
    let current = digest::folder(openapi)
        .map_err(|error| format!("openapi/ cannot be compared with the generated code: {error}"))?;
    match fs::read_to_string(record) {
        Ok(recorded) if recorded.trim() == current => Ok(()),
        Ok(_) => {
            Err("the generated code of retab-api is stale: openapi/ has changed since".to_owned())
        }
        Err(error) => Err(format!(
            "it is not recorded what the code of retab-api was generated from: {RECORD}: {error}"
        )),
    }
}
