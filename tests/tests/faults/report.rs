//! The table as a document.

use std::path::Path;

use crate::call::Kind;
use crate::table::FAULTS;

const INTRODUCTION: &str = "\
# What the client does in each fault

Each row is a fault, each column a kind of call that meets it. `cargo test -p retab-tests --test faults` carries out every
cell on a wire that replays bytes, by a clock that the test holds, and fails where one ends otherwise than it says here.
This file is printed from `tests/tests/faults/table.rs`: `UPDATE_DOCS=1 cargo test -p retab-tests --test faults` writes it
again.

The fault meets the request once, and the server is well afterwards, unless the row says otherwise. A cell says, in order:

- what the caller got: `ok`, or the kind of the error with its status; `unknown` where `outcome_unknown()` holds, and
  `retryable` where `is_retryable()` does;
- how many requests reached the server with their whole head, of how many attempts;
- how much time passed by the client's clock, pauses and silences together, with the longest jitter;
- for the call that creates, how often the service may have made something: never more than once.

In every cell it is also checked that neither error nor trace shows the key, the document or a signed URL; that no other
host got the key, and the target of a redirect no request at all; that a file that was uploaded is whole; that a file that
was downloaded stands whole under its name, or else the one that was there before; and that no temporary file is left.

The calls are `get_run` (idempotent), `run().document().send()` (not idempotent), `files().upload()` of a path (the fault
meets the bytes on their way to the storage), `run.wait()` (it meets the first read, after the first pause of 2 s), the
items of `list_workflow_runs` (it meets the second page, after one item), and `files().download().to_path()` (it meets the
bytes on their way from the storage). A dash says why there is nothing to see.
A wait that times out gives up the read that is under way then.
";

const BESIDES: &str = "
Besides, in the same test binary:

- every call is dropped after each of its polls, until one comes to its end (`cancelled.rs`): the same client makes the next
  call, at most one thing was made by the one that was dropped, no upload was completed without its caller, and no temporary
  file stays;
- a download meets a device without space, and a disk that takes no more (`disk.rs`): it is told, not tried again, and the
  file that was there before stays;
- an answer that nobody asked for is left on a connection that stays open (`leftover.rs`): the next call does not take it
  for its own.
";

/// The document, whole.
pub(crate) fn printed() -> String {
    let mut printed = INTRODUCTION.to_owned();
    let kinds = Kind::ALL.map(|kind| format!("{kind:?}").to_lowercase());
    let rows = FAULTS
        .iter()
        .map(|fault| (fault.name, fault.cells.join(" | ")));
    let head = [
        ("fault", kinds.join(" | ")),
        ("---", ["---"; 6].join(" | ")),
    ];
    printed.push('\n');
    for (name, cells) in head.into_iter().chain(rows) {
        printed.extend(["| ", name, " | ", &cells, " |\n"]);
    }
    printed.push_str(BESIDES);
    printed
}

/// Compares it with the file, or writes the file.
pub(crate) fn check(printed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("FAULTS.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, printed).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == printed,
        "tests/FAULTS.md is not what the table prints: UPDATE_DOCS=1 cargo test -p retab-tests --test faults"
    );
}
