//! Pins the version that is in production, shows what has changed since the one before, and runs the pinned one.
//!
//! `cargo run --example pin_version [-- WORKFLOW_ID]`
//!
//! With `RETAB_API_KEY` it calls the service, from which it only reads; without, a fake of it on a free loopback port, on
//! which it starts a run as well.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

use std::error::Error;

use futures_util::TryStreamExt as _;
use retab_ext::{Client, Document, List as _, Version, VersionId, WorkflowHandle};
use retab_fake::FakeRetab;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let workflow = std::env::args().nth(1);
    if std::env::var_os("RETAB_API_KEY").is_some() {
        let id = workflow.ok_or("with RETAB_API_KEY, name a workflow of yours: -- WORKFLOW_ID")?;
        pin(&Client::from_env()?.workflow(id)).await?;
        return Ok(());
    }

    let fake = FakeRetab::start().await;
    println!(
        "RETAB_API_KEY is not set: a fake of the service answers at {}",
        fake.base_url()
    );
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()?;
    let workflow = client.workflow(workflow.as_deref().unwrap_or("wf_abc123xyz"));
    let pinned = pin(&workflow).await?;

    // Somebody publishes another version, which does not concern those who have pinned one.
    fake.publish(
        "ver_0000next",
        [("start_document-block-2", "start_document")],
    );
    println!("\nin production now: {}", workflow.pin().await?);
    let invoice = Document::text("Invoice 2026-0117, total: 1284.50");
    let run = workflow.run().version(pinned).only_document(invoice);
    let run = run.send().await?;
    println!("{} runs {}", run.id(), run.version_id());
    Ok(())
}

/// Shows the versions of a workflow, and gives the one in production by its id.
async fn pin(workflow: &WorkflowHandle) -> Result<Version, retab_ext::Error> {
    println!("\nThe versions of {}, the newest first:", workflow.id());
    let mut versions = workflow.versions().items();
    let mut ids = Vec::new();
    while let Some(version) = versions.try_next().await? {
        println!("{} of {}", version.id, version.created_at);
        ids.push(version.id.parse::<VersionId>()?);
    }

    if let [new, old, ..] = &ids[..] {
        let diff = workflow.diff(old, new).await?;
        println!("\nFrom {old} to {new}:");
        println!("added: {:?}", diff.added_block_ids.unwrap_or_default());
        println!("removed: {:?}", diff.removed_block_ids.unwrap_or_default());
        println!("changed: {:?}", diff.changed_block_ids.unwrap_or_default());
    }

    let pinned = workflow.pin().await?;
    println!("\npinned: {pinned}");
    Ok(pinned)
}
