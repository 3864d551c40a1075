//! The build script of `retab-api`, which keeps a stale crate from being built, and the digest that it rests on.

// To clippy, what the tests share is no test.
#![allow(clippy::unwrap_used)]

#[path = "../../retab-api/build/digest.rs"]
mod digest;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A checkout with an `openapi/` and a package beside it.
struct Checkout {
    root: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let checkout = Self {
            root: tempfile::tempdir().unwrap(),
        };
        checkout.write("retab-api/Cargo.toml", "");
        checkout.write("openapi/retab.json", "{\n}\n");
        checkout.write("openapi/source.toml", "date = 1\n");
        checkout.write("openapi/overlays/a.yaml", "a\n");
        checkout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn digest(&self) -> String {
        digest::folder(&self.path("openapi")).unwrap()
    }

    fn record(&self, digest: &str) {
        self.write(
            "retab-api/src/generated/openapi.digest",
            &format!("{digest}\n"),
        );
    }

    /// What the build script says to cargo in this checkout.
    fn build(&self, script: &Path) -> String {
        let output = Command::new(script)
            .env("CARGO_MANIFEST_DIR", self.path("retab-api"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn compile(folder: &Path) -> PathBuf {
    let script = folder.join("script");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-api/build/main.rs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let status = Command::new(rustc)
        .args(["--edition=2024", "-o"])
        .args([&script, &source])
        .status()
        .unwrap();
    assert!(status.success());
    script
}

#[test]
fn the_build_fails_when_and_only_when_the_generated_code_is_stale() {
    let checkout = Checkout::new();
    let script = compile(checkout.root.path());
    let error = |output: &str| {
        let line = output
            .lines()
            .find(|line| line.starts_with("cargo::error="));
        line.map(str::to_owned)
    };

    let unrecorded = checkout.build(&script);
    assert!(
        error(&unrecorded)
            .unwrap()
            .contains("failed to read the recorded digest"),
        "{unrecorded}"
    );

    checkout.record(&checkout.digest());
    let fresh = checkout.build(&script);
    assert_eq!(error(&fresh), None);
    for watched in ["../openapi", "src/generated/openapi.digest", "build"] {
        assert!(
            fresh.contains(&format!("cargo::rerun-if-changed={watched}\n")),
            "{fresh}"
        );
    }

    checkout.write("openapi/retab.json", "{}\n");
    assert_eq!(
        error(&checkout.build(&script)).as_deref(),
        Some(
            "cargo::error=cannot build retab-api: the generated code is stale because openapi/ has changed; \
             run `cargo xtask regen` and build again"
        )
    );
}

#[test]
fn a_published_crate_has_nothing_to_compare() {
    let checkout = Checkout::new();
    let script = compile(checkout.root.path());
    fs::remove_file(checkout.path("openapi/source.toml")).unwrap();

    assert_eq!(checkout.build(&script), "cargo::rerun-if-changed=build\n");
}

#[test]
fn every_change_of_a_name_or_a_content_changes_the_digest() {
    let checkout = Checkout::new();
    let mut seen = vec![checkout.digest()];
    let mut changed = || {
        let digest = checkout.digest();
        assert!(!seen.contains(&digest));
        seen.push(digest);
    };

    checkout.write("openapi/overlays/a.yaml", "b\n");
    changed();
    checkout.write("openapi/overlays/b.yaml", "");
    changed();
    fs::rename(
        checkout.path("openapi/overlays/b.yaml"),
        checkout.path("openapi/b.yaml"),
    )
    .unwrap();
    changed();
    // The same bytes, cut elsewhere between two files and between name and content.
    checkout.write("openapi/x", "yz");
    changed();
    fs::remove_file(checkout.path("openapi/x")).unwrap();
    checkout.write("openapi/xy", "z");
    changed();
    // A line end alone is a change as well.
    checkout.write("openapi/retab.json", "{\n}");
    changed();
    // A carriage return that belongs to no line end is content.
    checkout.write("openapi/retab.json", "{\r}");
    changed();
}

#[test]
fn line_ends_of_a_checkout_and_what_editors_leave_do_not_change_the_digest() {
    let checkout = Checkout::new();
    let digest = checkout.digest();
    assert_eq!(digest.len(), 32);

    checkout.write("openapi/retab.json", "{\r\n}\r\n");
    checkout.write("openapi/.retab.json.swp", "x");
    checkout.write("openapi/overlays/a.yaml~", "x");
    checkout.write("openapi/.idea/x", "x");

    assert_eq!(checkout.digest(), digest);
}

/// The digest is written down in the crate, so it must be the same wherever and whenever it is made.
#[test]
fn the_algorithm_is_fixed() {
    let checkout = Checkout::new();
    // More files than a folder would list in their order by chance.
    for name in ["m", "b", "q", "a/z", "c", "y", "a/b", "k"] {
        checkout.write(&format!("openapi/{name}"), name);
    }
    assert_eq!(checkout.digest(), "945cdc2e437548c68a6c87778983d492");
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let checkout = Checkout::new();
    let message = digest::folder(&checkout.path("none"))
        .unwrap_err()
        .to_string();
    assert!(message.contains("none: "), "{message}");
}
