//! Starts a run with a document and a JSON input.
//!
//! `cargo run --example json_inputs [-- WORKFLOW_ID]`
//!
//! Calls the service if `RETAB_API_KEY` is set, and a fake on a free loopback port otherwise.

#![expect(clippy::print_stdout, reason = "an example prints what it shows")]

use std::error::Error;

use retab_ext::{Client, Document};
use retab_fake::FakeRetab;
use serde::Serialize;

const INVOICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/invoice.pdf");

#[derive(Serialize)]
struct Customer {
    customer_id: &'static str,
    priority: &'static str,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Dropping the fake stops it.
    let fake;
    let client = if std::env::var_os("RETAB_API_KEY").is_some() {
        Client::from_env()?
    } else {
        fake = FakeRetab::start().await;
        println!(
            "RETAB_API_KEY is not set: using a fake at {}",
            fake.base_url()
        );
        let builder = Client::builder().api_key(FakeRetab::API_KEY);
        builder.base_url(fake.base_url()).build()?
    };
    let workflow = std::env::args().nth(1);
    let workflow = workflow.unwrap_or_else(|| "wf_abc123xyz".to_owned());

    let customer = Customer {
        customer_id: "cust_123",
        priority: "high",
    };
    let run = client
        .workflow(workflow)
        .run()
        .document("start_document-block-1", Document::path(INVOICE))
        .json("start-json-block-1", &customer)
        .send()
        .await?;
    println!("Run started: {}", run.id());
    println!("Lifecycle: {}", run.status());
    let inputs = run.snapshot().inputs.clone().unwrap_or_default();
    println!("JSON inputs: {}", serde_json::to_string(&inputs.json_data)?);
    Ok(())
}
