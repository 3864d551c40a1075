//! Watches a run by its id alone, and shows what it has given.
//!
//! `cargo run --example watch_run [-- RUN_ID]`
//!
//! With `RETAB_API_KEY` it calls the service, from which it only reads; without, a fake of it on a free loopback port,
//! where it starts a run first.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

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
        let id = id.ok_or("with RETAB_API_KEY, name a run of yours: -- RUN_ID")?;
        return watch(&Client::from_env()?.runs().handle(id)).await;
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
    // A state that this version does not know is shown, and waited on.
    let states = ["pending", "queued", "hibernating", "running", "completed"];
    fake.set_run_lifecycles(states.map(|status| json!({ "status": status })));
    let invoice = Document::text("Invoice 2026-0117, total: 1284.50");
    let run = client.run("wf_abc123xyz").only_document(invoice);
    let run = run.send().await?;

    // The id is all that has to be stored.
    let stored: String = run.id().to_string();
    watch(&client.runs().handle(RunId::from(stored))).await
}

async fn watch(run: &RunHandle) -> Result<(), Box<dyn Error>> {
    let often = Polling::default().interval(Duration::from_millis(500));
    let start = Instant::now();
    let mut states = run.watch_with(often);
    while let Some(state) = states.try_next().await? {
        let passed = start.elapsed().as_secs_f64();
        println!("{passed:>6.1} s  {}", state.status());
    }

    match run.wait().await? {
        Outcome::Completed { run, .. } => {
            for output in run.outputs().await?.iter() {
                let (block, handle) = (output.block_id(), output.handle());
                match (output.value(), output.file()) {
                    (Some(value), _) => println!("{block}, {handle}: {value}"),
                    (None, Some(file)) => println!("{block}, {handle}: {}", file.filename),
                    (None, None) => println!("{block}, {handle}: nothing"),
                }
            }
        }
        Outcome::Failed { failure, .. } => println!("failed: {}", failure.message),
        Outcome::Cancelled { reason, .. } => println!("cancelled: {reason:?}"),
        Outcome::AwaitingReview { block_ids, .. } => println!("to be reviewed: {block_ids:?}"),
        other => println!("still {}", other.run().status()),
    }
    Ok(())
}
