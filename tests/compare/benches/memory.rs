//! Measures the memory that documents take with both crates. Fails if `retab-ext` exceeds its limit.
//!
//! The `retab-ext` measurement and the service come from the workspace's `memory` test.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark panics on failure and has no public API"
)]

#[path = "../../tests/memory/ours.rs"]
mod ours;
#[path = "../../tests/memory/peak.rs"]
mod peak;
#[path = "../../tests/memory/service.rs"]
mod service;

use std::path::PathBuf;

use retab::Retab;
use retab::models::CreateWorkflowRunRequest;
use retab::resources::workflow_runs::CreateParams;

use crate::peak::{MIB, measure, mebibytes, sparse};

fn main() {
    if !peak::is_measured() {
        println!("skipped: peak memory can only be measured on Linux");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let service = service::service();
    let folder = tempfile::tempdir().unwrap();
    // Measure retab-ext first: it could reuse memory that the official crate has freed, which would hide its peak.
    ours::print(&runtime, &service, folder.path());

    let client = Retab::builder()
        .api_key("rt_test_memory")
        .base_url(&service)
        .build();
    runtime.block_on(run(&client, sparse(folder.path(), MIB)));
    let inline = sparse(folder.path(), 64 * MIB);
    let inline = measure(|| runtime.block_on(run(&client, inline)));
    println!(
        "64 MiB document inline with the official crate: {}",
        mebibytes(inline)
    );
}

async fn run(client: &Retab, path: PathBuf) {
    let request = CreateWorkflowRunRequest::new("wf_abc123xyz").with_document("start", path);
    let runs = client.workflows().runs();
    runs.create(CreateParams::new(request)).await.unwrap();
}
