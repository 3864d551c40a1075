//! Lists all runs as pages and as items, forwards and backwards.
//!
//! `cargo run --example list_everything [-- WORKFLOW_ID]`
//!
//! Uses the service if `RETAB_API_KEY` is set, or else a fake server on a free loopback port. `WORKFLOW_ID` restricts the
//! list to the runs of one workflow.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use std::error::Error;

use futures_util::TryStreamExt as _;
use retab_ext::{Client, List as _, ListItem};
use retab_fake::FakeRetab;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let workflow = std::env::args().nth(1);

    // Keeps the fake server alive until the end of main.
    let fake;
    let client = if std::env::var_os("RETAB_API_KEY").is_some() {
        Client::from_env()?
    } else {
        fake = FakeRetab::start().await;
        println!(
            "RETAB_API_KEY is not set, using a fake server at {}",
            fake.base_url()
        );
        fake_client(&fake).await?
    };

    // Without filters the service returns all runs, newest first.
    let runs = || {
        let list = client.api().list_workflow_runs();
        match &workflow {
            Some(id) => list.workflow_id(id.as_str()),
            None => list,
        }
    };

    println!("\nPages:");
    let mut cursor = None;
    let mut pages = runs().limit(10).skip_invalid_items().pages();
    while let Some(page) = pages.try_next().await? {
        let request_id = page.request_id().unwrap_or("none");
        println!("{} runs, request id {request_id}", page.data.len());
        cursor.clone_from(&page.before);
    }

    println!("\nItems, including invalid ones:");
    let mut items = runs().limit(100).keep_invalid_items().items();
    let (mut valid, mut invalid) = (0, 0);
    while let Some(item) = items.try_next().await? {
        match item {
            ListItem::Valid(_) => valid += 1,
            ListItem::Invalid(item) => {
                invalid += 1;
                println!("invalid item of {} bytes: {item}", item.json().len());
            }
        }
    }
    println!("{valid} valid runs, {invalid} invalid");

    if let Some(cursor) = cursor {
        println!("\nItems before the last page, backwards:");
        let list = runs().limit(10).before(cursor).backwards();
        let mut items = list.skip_invalid_items().items();
        while let Some(run) = items.try_next().await? {
            println!("{} of workflow {}", run.id, run.workflow_id);
        }
    }
    Ok(())
}

/// Returns a client of a fake server that lists 12 runs and an invalid one.
async fn fake_client(fake: &FakeRetab) -> Result<Client, retab_ext::Error> {
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()?;
    for _ in 0..12 {
        client.workflow("wf_abc123xyz").run().send().await?;
    }
    fake.add_listed_run(json!({"id": "run_000013", "lifecycle": ["invalid"]}));
    Ok(client)
}
