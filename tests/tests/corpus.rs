//! Replays the fuzzing corpus without the fuzzer. See `tests/fuzz/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests panic on failure")]
#![allow(unreachable_pub, reason = "the modules are public in the fuzz crate")]

#[path = "../fuzz/src/responses.rs"]
mod responses;
#[path = "../fuzz/src/strings.rs"]
mod strings;

use std::fs;
use std::path::Path;

/// Runs a fuzz target on every input in a folder. Returns the number of inputs.
fn replay(folder: &str, target: fn(&[u8])) -> usize {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let inputs = fs::read_dir(corpus.join(folder)).unwrap();
    let inputs = inputs.map(|input| input.unwrap().path());
    inputs.map(|path| target(&fs::read(path).unwrap())).count()
}

#[test]
fn replays_response_corpus() {
    assert!(replay("responses", responses::run) >= 15);
}

#[test]
fn replays_string_corpus() {
    assert!(replay("strings", strings::run) >= 9);
}
