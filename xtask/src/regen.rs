//! `cargo xtask regen`: the generated module of `retab-api`, written anew or compared.

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
use crate::vendor::{self, Source, sha256};

/// Where the digest of `openapi/` is recorded, for the build script of `retab-api`.
const DIGEST: &str = "openapi.digest";

/// What `cargo xtask regen` is asked to do.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Writes nothing: prints what is stale as a diff, and fails if anything is
    #[arg(long)]
    check: bool,
}

impl Options {
    /// The options that write.
    pub(crate) fn write() -> Self {
        Self { check: false }
    }
}

/// Where the document stands and where the generated files go.
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
    /// The folders of a workspace.
    pub(crate) fn of(workspace: &Path) -> Self {
        Self {
            openapi: workspace.join("openapi"),
            generated: workspace.join("retab-api/src/generated"),
            dispatcher: workspace.join("tests/src/generated"),
        }
    }
}

/// Writes the generated files, or compares them.
///
/// # Errors
/// A document or an overlay that cannot be used; with `check`, also files that are stale and overlay
/// actions that match nothing.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<()> {
    let Made {
        files,
        dispatcher,
        repairs,
        misfits,
    } = generated(folders)?;
    for repair in &repairs {
        eprintln!("warning: {}, {repair}", vendor::DOCUMENT);
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
            "the generated files are stale; the diff above leads to what they should be",
            "run `cargo xtask regen` and commit what it writes",
        ));
    }
    if misfits.iter().any(|misfit| misfit.is_failure) {
        return Err(Problem::new(
            folders.openapi.join("overlays").display(),
            "actions of the overlays do not fit the document; the warnings above name them",
            "drop those actions, or mend their targets",
        ));
    }
    Ok(())
}

/// Something in the overlays that the document has no place for.
struct Misfit {
    what: String,
    /// Whether the check fails for it.
    is_failure: bool,
}

/// Whether the digest of `openapi/` is another than the one recorded when the files were generated.
pub(crate) fn is_stale(folders: &Folders) -> Result<bool> {
    let recorded = fs::read_to_string(folders.generated.join(DIGEST)).unwrap_or_default();
    Ok(recorded.trim() != digest(folders)?)
}

fn digest(folders: &Folders) -> Result<String> {
    openapi_digest::folder(&folders.openapi).map_err(|error| {
        Problem::new(
            folders.openapi.display(),
            format!("the folder cannot be read: {error}"),
            "run `cargo xtask vendor` with a document",
        )
    })
}

/// What the document and its overlays make.
struct Made {
    files: Files,
    dispatcher: Files,
    repairs: Vec<Repair>,
    /// What did not fit on the way.
    misfits: Vec<Misfit>,
}

fn generated(folders: &Folders) -> Result<Made> {
    let path = folders.openapi.join(vendor::DOCUMENT);
    let source = Source::read(&folders.openapi.join(vendor::SOURCE))?;
    let bytes = document::read_bytes(&path)?;
    let document_sha256 = sha256(&bytes);
    if document_sha256 != source.document_sha256 {
        eprintln!(
            "note: {} is not what was vendored on {}; an overlay keeps a correction when the next revision comes",
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

/// What is on disk and what should be, as a unified diff; empty where they are equal.
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
            // Writing to a string does not fail.
            let _ = write!(difference, "{}", lines.unified_diff().header(&from, &to));
        }
    }
    Ok(difference)
}

/// The files below a folder, by their path within it.
fn present(folder: &Path) -> Result<BTreeSet<String>> {
    let unreadable = |error: std::io::Error| {
        Problem::new(
            folder.display(),
            error,
            "give yourself the right to read the folder",
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
    use serde_json::json;

    /// A workspace with a small document, not yet generated.
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

        /// Puts a document there whose only operation has one parameter of this name.
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

        /// Every generated file with its content.
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
    fn what_was_generated_passes_the_check_and_the_digest_is_recorded() {
        let scratch = Scratch::new();
        assert!(is_stale(&scratch.folders()).unwrap());
        scratch.regen().unwrap();
        scratch.check().unwrap();
        assert!(!is_stale(&scratch.folders()).unwrap());
    }

    #[test]
    fn the_check_writes_nothing_and_names_the_command() {
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
    fn the_difference_is_a_unified_diff() {
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
    fn files_edited_by_hand_and_files_of_nobody_are_stale() {
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
    fn an_error_changes_no_file() {
        let scratch = Scratch::new();
        scratch.regen().unwrap();
        let before = scratch.files();
        fs::write(scratch.folders().openapi.join("retab.json"), "{").unwrap();
        assert!(scratch.regen().is_err());
        assert_eq!(scratch.files(), before);
    }

    #[test]
    fn overlays_reach_the_docs() {
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
    fn an_action_that_matches_nothing_fails_only_the_check() {
        let scratch = Scratch::new();
        scratch.overlay("$.paths['/v1/steps'].get");
        scratch.regen().unwrap();
        let problem = scratch.check().unwrap_err().to_string();
        assert!(problem.contains("overlays"), "{problem}");
    }

    #[test]
    fn a_text_without_its_property_is_told_and_passes_the_check() {
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
    fn a_document_edited_by_hand_can_be_generated_from() {
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
