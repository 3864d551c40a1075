//! How much memory documents cost with both crates. Fails where those of `retab-ext` cost more than they may.
//!
//! What measures `retab-ext`, and the service that it sends to, are those of the workspace's test `memory`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails ends the process, and a benchmark is no API"
)]

#[path = "../../tests/memory/documents.rs"]
mod documents;
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
        println!("the peak of a process's memory is only read on Linux: nothing is measured");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let service = service::start();
    let folder = tempfile::tempdir().unwrap();
    // Ours comes first: what the other crate has freed could serve it, and would hide what it takes.
    documents::measure_and_print(&runtime, &service, folder.path());

    let client = Retab::builder()
        .api_key("rt_test_memory")
        .base_url(&service)
        .build();
    runtime.block_on(run(&client, sparse(folder.path(), MIB)));
    let inline = sparse(folder.path(), 64 * MIB);
    let inline = measure(|| runtime.block_on(run(&client, inline)));
    println!(
        "the same 64 MiB with the official crate: {}",
        mebibytes(inline)
    );
}

async fn run(client: &Retab, path: PathBuf) {
    let request = CreateWorkflowRunRequest::new("wf_abc123xyz").with_document("start", path);
    let runs = client.workflows().runs();
    runs.create(CreateParams::new(request)).await.unwrap();
}
