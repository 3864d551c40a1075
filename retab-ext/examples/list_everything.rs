//! Lists every run, page by page and one by one, both ways.
//!
//! `cargo run --example list_everything [-- WORKFLOW_ID]`
//!
//! With `RETAB_API_KEY` it calls the service; without, a fake of it on a free loopback port. With `WORKFLOW_ID` it lists
//! the runs of this workflow alone.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

use std::error::Error;

use futures_util::TryStreamExt as _;
use retab_ext::{Client, List as _, ListItem};
use retab_fake::FakeRetab;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let workflow = std::env::args().nth(1);

    // The fake lives as long as this variable.
    let fake;
    let client = if std::env::var_os("RETAB_API_KEY").is_some() {
        Client::from_env()?
    } else {
        fake = FakeRetab::start().await;
        println!(
            "RETAB_API_KEY is not set: a fake of the service answers at {}",
            fake.base_url()
        );
        fake_client(&fake).await?
    };

    // What is not set is not sent, so this is every run there is, the newest first.
    let runs = || {
        let list = client.api().list_workflow_runs();
        match &workflow {
            Some(id) => list.workflow_id(id.as_str()),
            None => list,
        }
    };

    println!("\nPage by page:");
    let mut cursor = None;
    let mut pages = runs().limit(10).skip_invalid_items().pages();
    while let Some(page) = pages.try_next().await? {
        let request = page.request_id().unwrap_or("without an id");
        println!("{} runs by request {request}", page.data.len());
        cursor.clone_from(&page.before);
    }

    println!("\nOne by one, with those that this version cannot read:");
    let mut items = runs().limit(100).keep_invalid_items().items();
    let (mut read, mut odd) = (0, 0);
    while let Some(item) = items.try_next().await? {
        match item {
            ListItem::Valid(_) => read += 1,
            ListItem::Invalid(item) => {
                odd += 1;
                println!("{item}; it is kept as {} bytes", item.json().len());
            }
        }
    }
    println!("{read} runs, and {odd} that cannot be read");

    if let Some(cursor) = cursor {
        println!("\nBackwards from the last page:");
        let list = runs().limit(10).before(cursor).backwards();
        let mut items = list.skip_invalid_items().items();
        while let Some(run) = items.try_next().await? {
            println!("{} of {}", run.id, run.workflow_id);
        }
    }
    Ok(())
}

/// A client of a fake with some runs, one of which is newer than this version knows.
async fn fake_client(fake: &FakeRetab) -> Result<Client, retab_ext::Error> {
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()?;
    for _ in 0..12 {
        client.run("wf_abc123xyz").send().await?;
    }
    fake.add_listed_run(json!({"id": "run_000013", "lifecycle": ["of", "another", "shape"]}));
    Ok(client)
}
