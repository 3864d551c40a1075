//! What the fuzzer has found in its time is read again, without the fuzzer: see `tests/fuzz/README.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]
#![allow(
    unreachable_pub,
    reason = "the modules are those of the fuzzer, where they are public"
)]

#[path = "../fuzz/src/answers.rs"]
mod answers;
#[path = "../fuzz/src/texts.rs"]
mod texts;

use std::fs;
use std::path::Path;

/// Reads every input of a folder; gives how many there are.
fn replay(folder: &str, read: fn(&[u8])) -> usize {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let inputs = fs::read_dir(corpus.join(folder)).unwrap();
    let inputs = inputs.map(|input| input.unwrap().path());
    inputs.map(|path| read(&fs::read(path).unwrap())).count()
}

#[test]
fn answers_that_were_found_are_read() {
    assert!(replay("answers", answers::read) >= 15);
}

#[test]
fn texts_that_were_found_are_read() {
    assert!(replay("texts", texts::read) >= 9);
}
