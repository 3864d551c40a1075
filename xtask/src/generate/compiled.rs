//! Compiles the code generated from the fixtures, all in one crate over the real runtime.
//!
//! The crate is written to the target folder and checked by cargo with the dependencies of the
//! workspace. The code of each spec is a module of that crate, and its `crate::` paths to generated
//! items are rewritten to the module.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::pipeline::{Generated, generate};
use crate::document;
use crate::source::{Counts, Source};

/// The items at the crate root that differ per spec.
const GENERATED: [&str; 5] = ["Client", "builder", "dispatcher", "operations", "types"];

/// The root of the crate: the handwritten part of `retab-api`.
///
/// Operations are methods of `Client`, so each spec gets its own wrapper around the real client.
/// Each spec has its own operation table as well, so the runtime's table at the root is empty.
const ROOT: &str = r"#![allow(warnings)]
mod client;
mod operation_lookup;
pub mod runtime;
mod spec;
pub mod dispatch;

pub use client::Client;
pub use runtime::{
    BuildError, ByteStream, Error, ErrorKind, FilePart, Nullable, RequestOptions, ResponseValue,
};
pub use spec::Spec;

mod operations {
    pub(crate) static OPERATIONS: [&crate::runtime::Operation; 0] = [];
}

pub struct Of<M>(Client, std::marker::PhantomData<M>);

impl<M> std::ops::Deref for Of<M> {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}
";

/// The modules of `retab-api` that are not generated.
const COPIED: [&str; 5] = [
    "client.rs",
    "operation_lookup.rs",
    "runtime",
    "runtime.rs",
    "spec.rs",
];

/// The root module of one spec's code.
const MODULE: &str = "
pub mod builder;
pub mod dispatcher;
pub mod operations;
pub mod spec;
pub mod types;
pub struct Marker;
pub type Client = crate::Of<Marker>;
";

/// Returns a dummy source.
pub(super) fn source() -> Source {
    Source {
        upstream: "small.json".to_owned(),
        date: "2026-01-02".parse().unwrap(),
        upstream_sha256: "1".repeat(64),
        document_sha256: "2".repeat(64),
        counts: Counts::default(),
    }
}

/// Returns the specs in `xtask/tests/fixtures`, by name.
pub(super) fn fixtures() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        found.insert(name, document::read_openapi(&path).unwrap());
    }
    found
}

/// Checks the generated code of several specs with cargo. Returns cargo's output on failure.
pub(super) fn check(folder: &str, documents: &BTreeMap<String, Generated>) -> Result<(), String> {
    let root = target().join(folder);
    let _ = fs::remove_dir_all(root.join("retab-api/src"));
    write_workspace(&root);
    for name in COPIED {
        copy(
            &workspace().join("retab-api/src").join(name),
            &root.join("retab-api/src").join(name),
        );
    }
    let mut lib = ROOT.to_owned();
    let dispatch = fs::read_to_string(workspace().join("tests/src/dispatch.rs")).unwrap();
    let dispatch = dispatch.replace("retab_api::", "crate::");
    write(&root.join("retab-api/src/dispatch.rs"), &dispatch);
    for (name, generated) in documents {
        // The prefix avoids collisions with root items that generated code names.
        let name = format!("of_{name}");
        writeln!(lib, "pub mod {name};").unwrap();
        let folder = root.join("retab-api/src").join(&name);
        write(&folder.with_extension("rs"), MODULE);
        for (path, text) in generated.files.iter().chain(&generated.dispatcher) {
            let text = text.replace("retab_api::", "crate::");
            write(&folder.join(path), &at_module(&text, &name));
        }
    }
    write(&root.join("retab-api/src/lib.rs"), &lib);
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--offline", "--quiet"])
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(&root)
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Writes the manifests of the workspace, reduced to the checked package.
fn write_workspace(root: &Path) {
    let read = |name: &str| fs::read_to_string(workspace().join(name)).unwrap();
    let manifest = read("Cargo.toml");
    let (before, members) = manifest.split_once("members = [").unwrap();
    let (_, after) = members.split_once(']').unwrap();
    let manifest = format!("{before}members = [\"retab-api\"]{after}");
    write(&root.join("Cargo.toml"), &manifest);
    write(&root.join("Cargo.lock"), &read("Cargo.lock"));
    let package = read("retab-api/Cargo.toml").replace("build = \"build/main.rs\"\n", "");
    write(&root.join("retab-api/Cargo.toml"), &package);
}

/// Copies a file, or a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        write(to, &fs::read_to_string(from).unwrap());
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Rewrites the root paths in a generated file to the module `name`.
fn at_module(text: &str, name: &str) -> String {
    let mut moved = text.to_owned();
    for item in GENERATED {
        moved = moved.replace(&format!("crate::{item}"), &format!("crate::{name}::{item}"));
    }
    let lines = moved.lines().map(|line| {
        let Some(group) = line
            .trim_start()
            .strip_prefix("use crate::{")
            .and_then(|group| group.strip_suffix("};"))
        else {
            return line.to_owned();
        };
        let items: Vec<String> = group
            .split(", ")
            .map(|item| {
                if GENERATED.contains(&item) {
                    format!("{name}::{item}")
                } else {
                    item.to_owned()
                }
            })
            .collect();
        format!("use crate::{{{}}};", items.join(", "))
    });
    lines.map(|line| line + "\n").collect()
}

fn workspace() -> PathBuf {
    crate::workspace()
}

/// Returns the target folder of this test binary.
fn target() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn generated_fixtures_compile() {
    let documents: BTreeMap<String, Generated> = fixtures()
        .into_iter()
        .map(|(name, document)| {
            let generated = generate(document, &source());
            let generated = generated.unwrap_or_else(|problem| panic!("{name}: {problem}"));
            assert_ne!(generated.files.len(), 0);
            (name, generated)
        })
        .collect();
    if let Err(output) = check("fixtures", &documents) {
        panic!("{output}");
    }
}

/// Compiles the code generated from the specs in the folder `SPECS`, and prints why a spec is
/// rejected.
///
/// ```sh
/// SPECS=folder cargo test -p xtask -- --ignored --nocapture external_specs
/// ```
#[test]
#[ignore = "requires a folder of specs and takes minutes"]
fn external_specs_compile() {
    let Some(folder) = std::env::var_os("SPECS") else {
        panic!("cannot find specs: set SPECS to a folder");
    };
    let mut documents: BTreeMap<String, Generated> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let made = document::read_openapi(&path).and_then(|document| generate(document, &source()));
        match made {
            Ok(generated) => {
                documents.insert(format!("spec_{}", documents.len()), generated);
            }
            Err(problem) => println!("{}: {problem}", path.display()),
        }
    }
    assert!(!documents.is_empty());
    if let Err(output) = check("specs", &documents) {
        panic!("{output}");
    }
}

/// `tests/fixtures.txt` lists every repair made to the fixtures.
#[test]
fn fixture_repairs_match_recorded_list() {
    let mut listed = String::new();
    for (name, document) in fixtures() {
        let generated = generate(document, &source()).unwrap();
        for repair in generated.repairs {
            writeln!(listed, "{name}.yaml, {repair}").unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &listed).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        listed, written,
        "run `UPDATE_DOCS=1 cargo test -p xtask fixture_repairs` to update the list"
    );
}
