//! Runs a document through a workflow and prints each status of the run.
//!
//! `cargo run --example run_workflow [-- FILE [WORKFLOW_ID [BLOCK_ID]]]`
//!
//! Uses the service if `RETAB_API_KEY` is set, or else a fake server on a free loopback port. `BLOCK_ID` is the start block
//! that receives the document.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use std::error::Error;
use std::time::Instant;

use futures_util::TryStreamExt as _;
use retab_ext::{Client, Document};
use retab_fake::FakeRetab;

const INVOICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/invoice.pdf");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().unwrap_or_else(|| INVOICE.to_owned());
    let workflow = arguments.next();
    let block = arguments
        .next()
        .unwrap_or_else(|| "start_document-block-1".to_owned());

    // Keeps the fake server alive until the end of main.
    let fake;
    let (client, workflow) = if std::env::var_os("RETAB_API_KEY").is_some() {
        let workflow = workflow.ok_or(
            "cannot select a workflow: RETAB_API_KEY is set; pass the id of your workflow: -- FILE WORKFLOW_ID [BLOCK_ID]",
        )?;
        (Client::from_env()?, workflow)
    } else {
        fake = FakeRetab::start().await;
        println!(
            "RETAB_API_KEY is not set, using a fake server at {}",
            fake.base_url()
        );
        let client = Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()?;
        (
            client,
            workflow.unwrap_or_else(|| "wf_abc123xyz".to_owned()),
        )
    };

    let start = Instant::now();
    let mut run = client
        .workflow(workflow)
        .run()
        .document(block, Document::path(&file))
        .send()
        .await?;
    println!("started {} of {} with {file}", run.id(), run.workflow_id());

    let mut snapshots = run.watch();
    while let Some(snapshot) = snapshots.try_next().await? {
        println!(
            "{:>6.1} s  {}",
            start.elapsed().as_secs_f64(),
            snapshot.status()
        );
        run = snapshot;
    }

    // The run is already finished, so this returns immediately.
    let completed = run.wait().await?.into_result()?;
    println!(
        "{} is {}, version {}",
        completed.id(),
        completed.status(),
        completed.version_id()
    );
    Ok(())
}
