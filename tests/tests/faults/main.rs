//! Runs every scenario under every fault and compares the result with [`table`], which `tests/FAULTS.md` is generated from.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking, and print the table"
)]

mod cancellation;
mod cell;
mod disk_full;
mod folder;
mod report;
mod retry_table;
mod scenario;
mod table;
mod unsolicited_response;

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use retab_tests::trace_recorder;
use scenario::Scenario;

/// Part of the API key, the document, the presigned URLs and the responses.
const SECRET: &str = "HUNTER2";
const KEY: &str = "rt_test_HUNTER2";

#[tokio::test]
async fn every_cell_matches_table() {
    trace_recorder::install_global();
    let mut mismatches = Vec::new();
    let mut cells = 0;
    for fault in table::FAULTS {
        for (scenario, expected) in Scenario::ALL.into_iter().zip(fault.cells) {
            if expected.starts_with('-') {
                continue;
            }
            cells += 1;
            // A panic fails one cell, so that the remaining ones still run.
            let found = AssertUnwindSafe(cell::run(fault, scenario)).catch_unwind();
            let found = found.await.unwrap_or_else(|panic| message(&*panic));
            if found != expected {
                mismatches.push(format!(
                    "{} | {scenario:?} | {expected} | {found}",
                    fault.name
                ));
            }
        }
    }
    println!("{} faults, {cells} cells", table::FAULTS.len());
    assert!(
        mismatches.is_empty(),
        "fault | scenario | expected | found\n{}",
        mismatches.join("\n")
    );
}

fn message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("failed: {}", message.unwrap_or_default())
}

#[test]
fn faults_md_matches_table() {
    let report = report::render();
    println!("{report}");
    report::check("FAULTS.md", &report);
}
