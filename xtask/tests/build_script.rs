//! Tests of the build script of `retab-api`, which rejects stale generated code, and of its digest.

// Clippy does not recognize the helpers of these tests as test code.
#![allow(clippy::unwrap_used)]

#[path = "../../retab-api/build/digest.rs"]
mod digest;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A checkout with `openapi/` and the `retab-api` package.
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

    /// Runs the build script in this checkout and returns its output.
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
fn build_fails_only_if_generated_code_is_stale() {
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
fn published_crate_skips_the_check() {
    let checkout = Checkout::new();
    let script = compile(checkout.root.path());
    fs::remove_file(checkout.path("openapi/source.toml")).unwrap();

    assert_eq!(checkout.build(&script), "cargo::rerun-if-changed=build\n");
}

#[test]
fn digest_depends_on_every_name_and_content() {
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
    // Moves the same bytes between two files, and between a name and its content.
    checkout.write("openapi/x", "yz");
    changed();
    fs::remove_file(checkout.path("openapi/x")).unwrap();
    checkout.write("openapi/xy", "z");
    changed();
    // A trailing newline counts.
    checkout.write("openapi/retab.json", "{\n}");
    changed();
    // A lone carriage return is content, not a line ending.
    checkout.write("openapi/retab.json", "{\r}");
    changed();
}

#[test]
fn digest_ignores_line_endings_and_editor_files() {
    let checkout = Checkout::new();
    let digest = checkout.digest();
    assert_eq!(digest.len(), 32);

    checkout.write("openapi/retab.json", "{\r\n}\r\n");
    checkout.write("openapi/.retab.json.swp", "x");
    checkout.write("openapi/overlays/a.yaml~", "x");
    checkout.write("openapi/.idea/x", "x");

    assert_eq!(checkout.digest(), digest);
}

/// The crate records the digest, so it must be the same on every platform and in every version.
#[test]
fn digest_algorithm_is_stable() {
    let checkout = Checkout::new();
    // Enough files that a directory listing is unlikely to return them in order.
    for name in ["m", "b", "q", "a/z", "c", "y", "a/b", "k"] {
        checkout.write(&format!("openapi/{name}"), name);
    }
    assert_eq!(checkout.digest(), "945cdc2e437548c68a6c87778983d492");
}

#[test]
fn error_names_unreadable_directory() {
    let checkout = Checkout::new();
    let message = digest::folder(&checkout.path("none"))
        .unwrap_err()
        .to_string();
    assert!(message.contains("none: "), "{message}");
}
