//! `cargo xtask regen`: writes the generated module of `retab-api`, or checks that it is up to date.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;

use crate::document;
use crate::generate::{self, Files, Generated};
use crate::openapi_digest;
use crate::overlay;
use crate::problem::{Problem, Result};
use crate::repair::Repair;
use crate::replace::replace;
use crate::source::{DOCUMENT, SOURCE, Source, sha256};

/// The file that records the digest of `openapi/` for the build script of `retab-api`.
const DIGEST: &str = "openapi.digest";

/// Options of `cargo xtask regen`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Write nothing; fail on stale files, printed as a diff, and on overlay actions without a match
    #[arg(long)]
    check: bool,
}

impl Options {
    /// Returns the options that write the files.
    pub(crate) fn write() -> Self {
        Self { check: false }
    }
}

/// Input and output directories.
#[derive(Debug)]
pub(crate) struct Folders {
    /// `openapi/`.
    pub(crate) openapi: PathBuf,
    /// `retab-api/src/generated/`.
    pub(crate) generated: PathBuf,
    /// `tests/src/generated/`.
    pub(crate) dispatcher: PathBuf,
}

impl Folders {
    /// Returns the directories of `workspace`.
    pub(crate) fn of(workspace: &Path) -> Self {
        Self {
            openapi: workspace.join("openapi"),
            generated: workspace.join("retab-api/src/generated"),
            dispatcher: workspace.join("tests/src/generated"),
        }
    }
}

/// Writes the generated files, or compares them with the files on disk if `check` is set.
///
/// # Errors
/// Returns an error if the spec or an overlay is invalid. With `check`, also returns an error if a
/// generated file is stale or an overlay action matches nothing.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<()> {
    let Made {
        files,
        dispatcher,
        repairs,
        misfits,
    } = generated(folders)?;
    for repair in &repairs {
        eprintln!("warning: {DOCUMENT}, {repair}");
    }
    for misfit in &misfits {
        eprintln!("warning: {}", misfit.what);
    }
    if !options.check {
        return write(&[
            (&files, &folders.generated),
            (&dispatcher, &folders.dispatcher),
        ]);
    }
    let stale = difference(&files, &folders.generated)?;
    let stale = stale + &difference(&dispatcher, &folders.dispatcher)?;
    if !stale.is_empty() {
        println!("{stale}");
        return Err(Problem::new(
            folders.generated.display(),
            "the generated files are stale: see the diff above",
            "run `cargo xtask regen` and commit the result",
        ));
    }
    if misfits.iter().any(|misfit| misfit.is_failure) {
        return Err(Problem::new(
            folders.openapi.join("overlays").display(),
            "some overlay actions do not apply to the spec: see the warnings above",
            "remove the actions or fix their targets",
        ));
    }
    Ok(())
}

/// An overlay action or extension that does not apply to the spec.
struct Misfit {
    what: String,
    /// Whether it fails `--check`.
    is_failure: bool,
}

/// Returns whether the digest of `openapi/` differs from the recorded one.
pub(crate) fn is_stale(folders: &Folders) -> Result<bool> {
    let recorded = fs::read_to_string(folders.generated.join(DIGEST)).unwrap_or_default();
    Ok(recorded.trim() != digest(folders)?)
}

fn digest(folders: &Folders) -> Result<String> {
    openapi_digest::folder(&folders.openapi).map_err(|error| {
        Problem::new(
            folders.openapi.display(),
            format!("cannot read the directory: {error}"),
            "run `cargo xtask vendor` with the path or URL of a spec",
        )
    })
}

/// The result of generating from the vendored spec and its overlays.
struct Made {
    files: Files,
    dispatcher: Files,
    repairs: Vec<Repair>,
    /// Overlay actions that do not apply, and warnings of the generator.
    misfits: Vec<Misfit>,
}

fn generated(folders: &Folders) -> Result<Made> {
    let path = folders.openapi.join(DOCUMENT);
    let source = Source::read(&folders.openapi.join(SOURCE))?;
    let bytes = document::read_bytes(&path)?;
    let document_sha256 = sha256(&bytes);
    if document_sha256 != source.document_sha256 {
        eprintln!(
            "note: {} differs from the revision vendored on {}; put corrections in an overlay to keep them across revisions",
            path.display(),
            source.date
        );
    }
    let source = Source {
        document_sha256,
        ..source
    };
    let name = path.display().to_string();
    let mut document = document::parse_openapi(&name, &bytes)?;
    let overlays = overlay::read_folder(&folders.openapi.join("overlays"))?;
    let misfits = overlay::apply(&mut document, &overlays);
    let Generated {
        mut files,
        dispatcher,
        repairs,
        warnings: left_out,
    } = generate::generate(document, &source).map_err(|problem| problem.within(&name))?;
    let misfits = misfits.iter().map(|misfit| Misfit {
        what: misfit.to_string(),
        is_failure: misfit.is_failure(),
    });
    let left_out = left_out.iter().map(|problem| Misfit {
        what: problem.to_string(),
        is_failure: true,
    });
    let misfits = misfits.chain(left_out).collect();
    files.insert(DIGEST.to_owned(), format!("{}\n", digest(folders)?));
    Ok(Made {
        files,
        dispatcher,
        repairs,
        misfits,
    })
}

/// Writes each set of files into its folder, and removes every other file there.
fn write(outputs: &[(&Files, &PathBuf)]) -> Result<()> {
    let mut contents: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (files, folder) in outputs {
        for (name, text) in *files {
            contents.push((folder.join(name), Some(text.clone().into_bytes())));
        }
        for name in present(folder)? {
            if !files.contains_key(&name) {
                contents.push((folder.join(name), None));
            }
        }
    }
    replace(&contents)
}

/// Returns a unified diff from the files on disk to the generated files, empty if they are equal.
fn difference(files: &Files, folder: &Path) -> Result<String> {
    let present = present(folder)?;
    let names: BTreeSet<&String> = files.keys().chain(&present).collect();
    let mut difference = String::new();
    for name in names {
        let old = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let new = files.get(name).map_or("", String::as_str);
        if old != new || present.contains(name) != files.contains_key(name) {
            let lines = TextDiff::from_lines(old.as_str(), new);
            let (from, to) = (format!("a/{name}"), format!("b/{name}"));
            // Writing to a `String` cannot fail.
            let _ = write!(difference, "{}", lines.unified_diff().header(&from, &to));
        }
    }
    Ok(difference)
}

/// Returns the paths of all files under `folder`, relative to it.
fn present(folder: &Path) -> Result<BTreeSet<String>> {
    let unreadable = |error: std::io::Error| {
        Problem::new(
            folder.display(),
            format_args!("cannot read the directory: {error}"),
            "grant read access to the directory",
        )
    };
    let mut found = BTreeSet::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let entries = match fs::read_dir(folder.join(&relative)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(error)),
        };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let path = relative.join(entry.file_name());
            if entry.file_type().map_err(unreadable)?.is_dir() {
                open.push(path);
            } else {
                let names: Vec<String> = path
                    .iter()
                    .map(|part| part.to_string_lossy().into_owned())
                    .collect();
                found.insert(names.join("/"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor;
    use serde_json::json;

    /// A workspace with a small vendored spec and no generated files.
    struct Scratch {
        root: tempfile::TempDir,
    }

    impl Scratch {
        fn new() -> Self {
            let scratch = Self {
                root: tempfile::tempdir().unwrap(),
            };
            scratch.vendor("limit");
            scratch
        }

        fn folders(&self) -> Folders {
            Folders::of(self.root.path())
        }

        /// Vendors a spec with one operation that takes one parameter of this name.
        fn vendor(&self, parameter: &str) {
            let document = json!({
                "openapi": "3.1.0",
                "info": {"title": "Small", "version": "1"},
                "paths": {"/v1/runs": {"get": {
                    "operationId": "list_runs",
                    "parameters": [{"in": "query", "name": parameter, "schema": {"type": "string"}}],
                    "responses": {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}},
                }}},
            });
            let upstream = self.root.path().join("2026-01-02.json");
            fs::write(&upstream, document.to_string()).unwrap();
            let options = vendor::Options::of(&upstream);
            vendor::run(&options, &self.folders().openapi).unwrap();
        }

        fn overlay(&self, target: &str) {
            let folder = self.folders().openapi.join("overlays");
            fs::create_dir_all(&folder).unwrap();
            let overlay = json!({
                "overlay": "1.1.0",
                "info": {"title": "Texts", "version": "1"},
                "actions": [{"target": target, "description": "A text.", "update": {"description": "Lists runs."}}],
            });
            fs::write(folder.join("texts.json"), overlay.to_string()).unwrap();
        }

        fn regen(&self) -> Result<()> {
            run(&Options::write(), &self.folders())
        }

        fn check(&self) -> Result<()> {
            run(&Options { check: true }, &self.folders())
        }

        /// Returns the path and content of every generated file.
        fn files(&self) -> Vec<(String, String)> {
            let folder = self.folders().generated;
            let names = present(&folder).unwrap();
            let read = |name: &String| fs::read_to_string(folder.join(name)).unwrap();
            names
                .iter()
                .map(|name| (name.clone(), read(name)))
                .collect()
        }
    }

    #[test]
    fn check_passes_after_regen_and_digest_is_recorded() {
        let scratch = Scratch::new();
        assert!(is_stale(&scratch.folders()).unwrap());
        scratch.regen().unwrap();
        scratch.check().unwrap();
        assert!(!is_stale(&scratch.folders()).unwrap());
    }

    #[test]
    fn check_writes_nothing_and_suggests_regen() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        let before = scratch.files();
        scratch.vendor("status");
        let problem = scratch.check().unwrap_err().to_string();
        assert!(problem.contains("cargo xtask regen"), "{problem}");
        assert_eq!(scratch.files(), before);
        assert!(is_stale(&scratch.folders()).unwrap());
        scratch.regen().unwrap();
        scratch.check().unwrap();
    }

    #[test]
    fn difference_is_unified_diff() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        scratch.vendor("status");
        let Made { files, .. } = generated(&scratch.folders()).unwrap();
        let diff = difference(&files, &scratch.folders().generated).unwrap();
        assert!(
            diff.contains("--- a/builder/runs.rs\n+++ b/builder/runs.rs\n@@ "),
            "{diff}"
        );
        assert!(
            diff.contains("-    /// Query parameter `limit`, optional.\n"),
            "{diff}"
        );
        assert!(
            diff.contains("+    /// Query parameter `status`, optional.\n"),
            "{diff}"
        );
    }

    #[test]
    fn edited_and_extra_files_are_stale() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        let before = scratch.files();
        let folder = scratch.folders().generated;
        fs::write(folder.join("types.rs"), "pub mod mine;\n").unwrap();
        fs::write(folder.join("mine.rs"), "").unwrap();
        assert!(scratch.check().is_err());
        scratch.regen().unwrap();
        assert_eq!(scratch.files(), before);
    }

    #[test]
    fn failed_regen_changes_no_file() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        let before = scratch.files();
        fs::write(scratch.folders().openapi.join("retab.json"), "{").unwrap();
        assert!(scratch.regen().is_err());
        assert_eq!(scratch.files(), before);
    }

    #[test]
    fn overlay_descriptions_appear_in_docs() {
        let scratch = Scratch::new();
        scratch.overlay("$.paths['/v1/runs'].get");
        scratch.regen().unwrap();
        scratch.check().unwrap();
        let files = scratch.files();
        assert!(
            files
                .iter()
                .any(|(_, text)| text.contains("/// Lists runs.")),
            "{files:?}"
        );
    }

    #[test]
    fn unmatched_action_fails_check_but_not_regen() {
        let scratch = Scratch::new();
        scratch.overlay("$.paths['/v1/steps'].get");
        scratch.regen().unwrap();
        let problem = scratch.check().unwrap_err().to_string();
        assert!(problem.contains("overlays"), "{problem}");
    }

    #[test]
    fn unmatched_text_is_reported_and_passes_check() {
        let scratch = Scratch::new();
        let folder = scratch.folders().openapi.join("overlays");
        fs::create_dir_all(&folder).unwrap();
        let overlay = json!({
            "overlay": "1.1.0",
            "x-texts": true,
            "info": {"title": "Texts", "version": "1"},
            "actions": [{
                "target": "$.paths['/v1/runs']",
                "description": "The docs.",
                "update": {"get": {"description": "Lists runs."}, "post": {"description": "Starts one."}},
            }],
        });
        fs::write(folder.join("texts.json"), overlay.to_string()).unwrap();
        scratch.regen().unwrap();
        let Made { misfits, .. } = generated(&scratch.folders()).unwrap();
        assert_eq!(misfits.len(), 1);
        scratch.check().unwrap();
    }

    #[test]
    fn regenerates_from_manually_edited_spec() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        let path = scratch.folders().openapi.join("retab.json");
        let edited = fs::read_to_string(&path).unwrap().replace("limit", "first");
        fs::write(&path, &edited).unwrap();
        assert!(scratch.check().is_err());
        scratch.regen().unwrap();
        scratch.check().unwrap();
        let digest = sha256(edited.as_bytes());
        assert!(
            scratch
                .files()
                .iter()
                .any(|(_, text)| text.contains(&digest))
        );
    }
}
