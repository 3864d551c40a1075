//! Runs a document through a workflow, and shows each state of the run.
//!
//! `cargo run --example run_workflow [-- FILE [WORKFLOW_ID [BLOCK_ID]]]`
//!
//! With `RETAB_API_KEY` it calls the service; without, a fake of it on a free loopback port. `BLOCK_ID` is the start block
//! of the workflow that takes the document.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

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

    // The fake lives as long as this variable.
    let fake;
    let (client, workflow) = if std::env::var_os("RETAB_API_KEY").is_some() {
        let workflow = workflow.ok_or(
            "with RETAB_API_KEY, name a workflow of yours: -- FILE WORKFLOW_ID [BLOCK_ID]",
        )?;
        (Client::from_env()?, workflow)
    } else {
        fake = FakeRetab::start().await;
        println!(
            "RETAB_API_KEY is not set: a fake of the service answers at {}",
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
        .run(workflow)
        .document(block, Document::path(&file))
        .send()
        .await?;
    println!("{file} goes through {} as {}", run.workflow_id(), run.id());

    let mut states = run.watch();
    while let Some(state) = states.try_next().await? {
        println!(
            "{:>6.1} s  {}",
            start.elapsed().as_secs_f64(),
            state.status()
        );
        run = state;
    }

    // It has ended already, so this is no more waiting: it tells how.
    let completed = run.wait().await?.into_result()?;
    println!(
        "{} is {}, by version {}",
        completed.id(),
        completed.status(),
        completed.version_id()
    );
    Ok(())
}
