//! Checks that the patches in `tests/mutants` apply to the current code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests panic on failure")]

use std::fs;
use std::path::Path;

#[test]
fn every_patch_has_a_description_and_applies() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in fs::read_dir(tests.join("mutants")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_none_or(|extension| extension != "patch")
        {
            continue;
        }
        count += 1;
        let name = path.display();
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        assert!(
            lines.next().unwrap().ends_with('.'),
            "{name} has no description"
        );
        let command = lines.next().unwrap();
        assert!(
            command.starts_with("Caught by: cargo test -p "),
            "{name}: {command}"
        );
        for (file, before) in hunks(&text) {
            let code = fs::read_to_string(tests.join("..").join(file)).unwrap();
            assert_eq!(
                code.matches(&before).count(),
                1,
                "{name} does not apply to {file}"
            );
        }
    }
    assert!(count >= 20, "{count} patches");
}

/// Returns the file and the expected lines of every hunk.
fn hunks(patch: &str) -> Vec<(&str, String)> {
    let mut hunks: Vec<(&str, String)> = Vec::new();
    let mut file = "";
    for line in patch.lines() {
        if let Some(name) = line.strip_prefix("--- a/") {
            file = name;
        } else if line.starts_with("@@") {
            hunks.push((file, String::new()));
        } else if let Some((_, before)) = hunks.last_mut()
            && let Some(expected) = line.strip_prefix([' ', '-'])
        {
            before.push_str(expected);
            before.push('\n');
        }
    }
    hunks
}
