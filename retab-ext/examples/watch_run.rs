//! Watches a run by its id and prints its outputs.
//!
//! `cargo run --example watch_run [-- RUN_ID]`
//!
//! Uses the service if `RETAB_API_KEY` is set, with read requests only. Otherwise starts a fake server on a free loopback
//! port and starts a run first.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use std::error::Error;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use retab_ext::{Client, Document, Outcome, Polling, RunHandle, RunId};
use retab_fake::FakeRetab;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("RETAB_API_KEY").is_some() {
        let id = std::env::args().nth(1);
        let id = id.ok_or(
            "cannot select a run: RETAB_API_KEY is set; pass the id of your run: -- RUN_ID",
        )?;
        return watch(&Client::from_env()?.run(id)).await;
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
    // An unknown status is printed and treated as not finished.
    let statuses = ["pending", "queued", "hibernating", "running", "completed"];
    fake.set_run_lifecycles(statuses.map(|status| json!({ "status": status })));
    let invoice = Document::text("Invoice 2026-0117, total: 1284.50");
    let run = client.workflow("wf_abc123xyz").run().only_document(invoice);
    let run = run.send().await?;

    // To resume in another process, store the id.
    let stored: String = run.id().to_string();
    watch(&client.run(RunId::from(stored))).await
}

async fn watch(run: &RunHandle) -> Result<(), Box<dyn Error>> {
    let polling = Polling::default().interval(Duration::from_millis(500));
    let start = Instant::now();
    let mut snapshots = run.watch_with(polling);
    while let Some(snapshot) = snapshots.try_next().await? {
        let elapsed = start.elapsed().as_secs_f64();
        println!("{elapsed:>6.1} s  {}", snapshot.status());
    }

    match run.wait().await? {
        Outcome::Completed { run, .. } => {
            for output in run.outputs().await?.iter() {
                let (block, handle) = (output.block_id(), output.handle());
                match (output.raw(), output.file()) {
                    (Some(json), _) => println!("{block}, {handle}: {json}"),
                    (None, Some(file)) => println!("{block}, {handle}: {}", file.filename),
                    (None, None) => println!("{block}, {handle}: no output"),
                }
            }
        }
        Outcome::Failed { failure, .. } => println!("failed: {}", failure.message),
        Outcome::Cancelled { reason, .. } => println!("cancelled: {reason:?}"),
        Outcome::AwaitingReview { block_ids, .. } => println!("awaiting review: {block_ids:?}"),
        other => println!("not finished: {}", other.run().status()),
    }
    Ok(())
}
