//! Documents of our own become code that compiles: all of them together in one crate, over the real runtime.
//!
//! The crate stands in the target folder and is checked by cargo with the dependencies of the workspace. The code
//! of each document is a module there, and what it finds under `crate::` in `retab-api` it finds in that module.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Generated, generate};
use crate::document;
use crate::vendor::{Counts, Source};

/// What generated code names at the root of its crate and is generated itself.
const GENERATED: [&str; 5] = ["Client", "builder", "dispatcher", "operations", "types"];

/// The root of the crate: what `retab-api` has that is not generated.
///
/// Operations are functions of `Client`, so each document has a client type of its own around the real one. The
/// runtime finds no operation in the table at the root, since each document has one of its own.
const ROOT: &str = r#"#![allow(warnings)]
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
"#;

/// The modules of `retab-api` that are not generated.
const COPIED: [&str; 5] = [
    "client.rs",
    "operation_lookup.rs",
    "runtime",
    "runtime.rs",
    "spec.rs",
];

/// The root module of one document's code.
const MODULE: &str = "
pub mod builder;
pub mod dispatcher;
pub mod operations;
pub mod spec;
pub mod types;
pub struct Marker;
pub type Client = crate::Of<Marker>;
";

/// A source for a document that came from nowhere.
pub(super) fn source() -> Source {
    Source {
        upstream: "small.json".to_owned(),
        date: "2026-01-02".parse().unwrap(),
        upstream_sha256: "1".repeat(64),
        document_sha256: "2".repeat(64),
        counts: Counts::default(),
    }
}

/// The documents of `xtask/tests/fixtures`, by their names.
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

/// Checks the code of several documents with cargo; what it says of it where it does not compile.
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
        // No module of this crate may have a name that generated code looks for at the root.
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

/// The manifests of the workspace, with the one package that is checked.
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

/// The text of a generated file, as it is in the module `name`.
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

/// The target folder that this test was built in.
fn target() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn every_fixture_becomes_code_that_compiles() {
    let documents: BTreeMap<String, Generated> = fixtures()
        .into_iter()
        .map(|(name, document)| {
            let generated = generate(document, &source());
            let generated = generated.unwrap_or_else(|problem| panic!("{name}: {problem}"));
            assert_ne!(generated.files.len(), 0);
            (name, generated)
        })
        .collect();
    if let Err(said) = check("fixtures", &documents) {
        panic!("{said}");
    }
}

/// Documents of others, which stand in the folder that `DOCUMENTS` names: each becomes code that compiles, or is refused
/// with a reason, which is printed.
///
/// ```sh
/// DOCUMENTS=folder cargo test -p xtask -- --ignored --nocapture documents_of_others
/// ```
#[test]
#[ignore = "needs documents, and takes minutes"]
fn documents_of_others_compile() {
    let Some(folder) = std::env::var_os("DOCUMENTS") else {
        panic!("DOCUMENTS names no folder");
    };
    let mut documents: BTreeMap<String, Generated> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let made = document::read_openapi(&path).and_then(|document| generate(document, &source()));
        match made {
            Ok(generated) => {
                documents.insert(format!("document_{}", documents.len()), generated);
            }
            Err(problem) => println!("{}: {problem}", path.display()),
        }
    }
    assert!(!documents.is_empty());
    if let Err(said) = check("documents", &documents) {
        panic!("{said}");
    }
}

/// What is told of the fixtures, in `tests/fixtures.txt`: every repair with its place.
#[test]
fn every_repair_of_the_fixtures_is_told() {
    let mut told = String::new();
    for (name, document) in fixtures() {
        let generated = generate(document, &source()).unwrap();
        for repair in generated.repairs {
            writeln!(told, "{name}.yaml, {repair}").unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        told, written,
        "UPDATE_DOCS=1 cargo test -p xtask every_repair writes it"
    );
}
