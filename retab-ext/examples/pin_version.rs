//! Pins the production version of a workflow, compares it with the previous version, and runs it.
//!
//! `cargo run --example pin_version [-- WORKFLOW_ID]`
//!
//! Uses the service if `RETAB_API_KEY` is set, with read requests only. Otherwise starts a fake server on a free loopback
//! port and also starts a run.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use std::error::Error;

use futures_util::TryStreamExt as _;
use retab_ext::{Client, Document, List as _, Version, VersionId, WorkflowHandle};
use retab_fake::FakeRetab;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let workflow = std::env::args().nth(1);
    if std::env::var_os("RETAB_API_KEY").is_some() {
        let id = workflow.ok_or("cannot select a workflow: RETAB_API_KEY is set; pass the id of your workflow: -- WORKFLOW_ID")?;
        pin(&Client::from_env()?.workflow(id)).await?;
        return Ok(());
    }

    let fake = FakeRetab::start().await;
    println!(
        "RETAB_API_KEY is not set, using a fake server at {}",
        fake.base_url()
    );
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()?;
    let workflow = client.workflow(workflow.as_deref().unwrap_or("wf_abc123xyz"));
    let pinned = pin(&workflow).await?;

    // A new publication does not affect the pinned version.
    fake.publish(
        "ver_0000next",
        [("start_document-block-2", "start_document")],
    );
    println!("\nproduction version: {}", workflow.pin().await?);
    let invoice = Document::text("Invoice 2026-0117, total: 1284.50");
    let run = workflow.run().version(pinned).only_document(invoice);
    let run = run.send().await?;
    println!("{} runs version {}", run.id(), run.version_id());
    Ok(())
}

/// Prints the versions of a workflow and returns the production version, pinned by its id.
async fn pin(workflow: &WorkflowHandle) -> Result<Version, retab_ext::Error> {
    println!("\nVersions of {}, newest first:", workflow.id());
    let mut versions = workflow.versions().items();
    let mut ids = Vec::new();
    while let Some(version) = versions.try_next().await? {
        println!("{}, created at {}", version.id, version.created_at);
        ids.push(VersionId::from(version.id));
    }

    if let [new, old, ..] = &ids[..] {
        let diff = workflow.diff(old, new).await?;
        println!("\nChanges from {old} to {new}:");
        println!(
            "added blocks: {:?}",
            diff.added_block_ids.unwrap_or_default()
        );
        println!(
            "removed blocks: {:?}",
            diff.removed_block_ids.unwrap_or_default()
        );
        println!(
            "changed blocks: {:?}",
            diff.changed_block_ids.unwrap_or_default()
        );
    }

    let pinned = workflow.pin().await?;
    println!("\npinned version: {pinned}");
    Ok(pinned)
}
