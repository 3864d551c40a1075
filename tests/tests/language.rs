//! Words and phrases that have no use in this project, in prose and in identifiers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers as well"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Phrases for which the field has a standard term. Each is a sequence of words, matched across line breaks, in any case,
/// and within identifiers.
const PHRASES: [&str; 57] = [
    "anew",
    "as it came",
    "ask the support",
    "at present",
    "be had",
    "be it",
    "carrier",
    "carriers",
    "come to it",
    "comes to it",
    "comes to nothing",
    "does not know of",
    "gave up",
    "gave way",
    "give way",
    "given up",
    "gives up on",
    "gives way",
    "goes wrong",
    "has come to",
    "in its place",
    "is no more",
    "it is none",
    "left alone",
    "lets pass",
    "longest hint",
    "looked at",
    "mend",
    "mended",
    "mends",
    "mistake",
    "mistakes",
    "must be sent again",
    "no byte has moved",
    "nobody",
    "odd item",
    "odd items",
    "of nobody",
    "of yours",
    "pause",
    "pauses",
    "rival",
    "rivals",
    "sent again",
    "set down",
    "signed url",
    "signed urls",
    "stands whole",
    "taken over",
    "tells",
    "that which",
    "the likes of",
    "told",
    "under way",
    "verdict",
    "verdicts",
    "what it is",
];

/// Files and folders in which a phrase (or any phrase) is allowed, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 8] = [
    ("openapi/overlays/", "verdict", "a property of the service"),
    ("openapi/retab.json", "", "names of the service"),
    (
        "retab-api/src/generated/types/",
        "verdict",
        "a property of the service",
    ),
    (
        "tests/fake/openapi/",
        "verdict",
        "a property of the service",
    ),
    (
        "tests/fake/src/service/reviews.rs",
        "verdict",
        "a property of the service",
    ),
    (
        "tests/fake/tests/http_api/reviews.rs",
        "verdict",
        "a property of the service",
    ),
    ("tests/tests/language.rs", "", "the list itself"),
    ("tests/fuzz/corpus/", "", "input of the fuzzer"),
];

/// The endings of the files that are read. `Cargo.lock`, licenses and binary files have no words of ours.
const TEXT: [&str; 8] = ["rs", "md", "toml", "yaml", "yml", "json", "sh", "patch"];

/// A word of a text, in lower case, with its line.
struct Word {
    text: String,
    line: usize,
}

/// Splits a text at everything but letters and digits, and at the humps of camel case.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (line, content) in text.lines().enumerate() {
        let mut previous = ' ';
        for character in content.chars() {
            let starts = !previous.is_alphanumeric()
                || (character.is_uppercase() && !previous.is_uppercase());
            if character.is_alphanumeric() {
                if starts {
                    words.push(Word {
                        text: String::new(),
                        line: line + 1,
                    });
                }
                if let Some(word) = words.last_mut() {
                    word.text.extend(character.to_lowercase());
                }
            }
            previous = character;
        }
    }
    words
}

/// Appends each phrase found in a text.
fn check(name: &str, text: &str, findings: &mut String) {
    let words = words(text);
    for phrase in PHRASES {
        let is_excepted = EXCEPTIONS
            .iter()
            .any(|(file, word, _)| name.starts_with(file) && (word.is_empty() || *word == phrase));
        if is_excepted {
            continue;
        }
        let phrase_words: Vec<&str> = phrase.split(' ').collect();
        let found = words.windows(phrase_words.len()).filter(|window| {
            // Most words differ in the first one.
            window[0].text == phrase_words[0]
                && window.iter().map(|word| &word.text).eq(&phrase_words)
        });
        for window in found {
            writeln!(findings, "{name}:{}: {phrase}", window[0].line).unwrap();
        }
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a folder, without what git ignores.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

#[test]
fn files_use_standard_terms() {
    let root = workspace();
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut findings = String::new();
    for path in found {
        let name = path.strip_prefix(&root).unwrap();
        let name = name.to_string_lossy().replace('\\', "/");
        let ending = name.rsplit('.').next().unwrap_or_default();
        let is_script = name.starts_with(".ci/") || name == "tests/mutants/run";
        if name.contains("LICENSE") || !(TEXT.contains(&ending) || is_script) {
            continue;
        }
        // The names of files are words as well.
        check(&name, &name, &mut findings);
        let is_excepted = EXCEPTIONS
            .iter()
            .any(|(file, word, _)| word.is_empty() && name.starts_with(file));
        if !is_excepted {
            check(&name, &fs::read_to_string(&path).unwrap(), &mut findings);
        }
    }
    assert!(findings.is_empty(), "\n{findings}");
}

#[test]
fn help_uses_standard_terms() {
    let mut findings = String::new();
    for arguments in [
        &["retab-fake", "--bin", "fake_retab", "--", "--help"][..],
        &["xtask", "--", "--help"],
        &["xtask", "--", "vendor", "--help"],
        &["xtask", "--", "regen", "--help"],
        &["xtask", "--", "build", "--help"],
        &["xtask", "--", "diff", "--help"],
        &["xtask", "--", "compile-time", "--help"],
    ] {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["run", "--quiet", "--package"])
            .args(arguments)
            .current_dir(workspace())
            .output()
            .unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("Usage:"), "{arguments:?}: {help}");
        check(&arguments.join(" "), &help, &mut findings);
    }
    assert!(findings.is_empty(), "\n{findings}");
}

#[test]
fn finds_phrases_across_lines_and_in_identifiers() {
    let text = "/// It is sent\n/// again.\nfn was_told() {}\nstruct OddItem;\n";
    let mut findings = String::new();
    check("a.rs", text, &mut findings);
    assert_eq!(
        findings,
        "a.rs:4: odd item\na.rs:1: sent again\na.rs:3: told\n"
    );
}
