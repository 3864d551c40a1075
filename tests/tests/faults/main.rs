//! Every fault times every kind of call: what reached the server, what the caller got, what it took, what is left behind.
//!
//! The expected values stand in [`table`], for a person to read; `tests/FAULTS.md` is that table, printed.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by them, and prints the table"
)]

mod call;
mod cancelled;
mod cell;
mod disk;
mod document;
mod folder;
mod leftover;
mod table;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Once;

use call::Kind;
use futures_util::FutureExt as _;
use retab_tests::trace_recorder::TraceRecorder;

/// It stands in the key, in the document, in the signed URLs and in the answers.
const SECRET: &str = "HUNTER2";
const KEY: &str = "rt_test_HUNTER2";

#[tokio::test]
async fn every_fault_ends_every_call_as_the_table_says() {
    listen();
    let mut violations = Vec::new();
    let mut cells = 0;
    for fault in table::FAULTS {
        for (kind, expected) in Kind::ALL.into_iter().zip(fault.cells) {
            if expected.starts_with('-') {
                continue;
            }
            cells += 1;
            let found = AssertUnwindSafe(cell::run(fault, kind)).catch_unwind();
            let found = found.await.unwrap_or_else(|panic| said(&*panic));
            if found != expected {
                violations.push(format!("{} | {kind:?} | {expected} | {found}", fault.name));
            }
        }
    }
    println!("{} faults, {cells} cells", table::FAULTS.len());
    assert!(
        violations.is_empty(),
        "fault | call | expected | found\n{}",
        violations.join("\n")
    );
}

/// Has somebody listen to `tracing`, everywhere in this process, before the first of its spans.
///
/// A place that begins spans remembers whether anybody has listened when it was first come by, and the tests that do not
/// listen run beside the one that does.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let _ = tracing::subscriber::set_global_default(TraceRecorder::default());
    });
}

/// What a cell that failed by itself has said, so that the others are seen as well.
fn said(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("failed: {}", said.unwrap_or_default())
}

#[test]
fn the_printed_table_is_the_one_in_the_source() {
    let printed = document::printed();
    println!("{printed}");
    document::check(&printed);
}
