//! Sends requests that fail and inspects their errors.
//!
//! `cargo run --example handle_errors`
//!
//! Uses the service if `RETAB_API_KEY` is set, with read requests only. Otherwise starts a fake server on a free loopback
//! port and shows more kinds of errors.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use futures_util::TryStreamExt as _;
use retab_ext::{Client, ClientBuilder, Document, Error, List as _};
use retab_fake::{FakeRetab, Response};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Error> {
    if std::env::var_os("RETAB_API_KEY").is_some() {
        return show_common_errors(ClientBuilder::from_env()?).await;
    }
    let fake = FakeRetab::start().await;
    println!(
        "RETAB_API_KEY is not set, using a fake server at {}",
        fake.base_url()
    );
    let builder = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url());
    show_common_errors(builder.clone()).await?;
    show_fake_errors(&builder.build()?, &fake).await;
    Ok(())
}

/// Shows errors that both the service and the fake server return.
async fn show_common_errors(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.clone().build()?;

    let request = client
        .workflow("wf_abc123xyz")
        .run()
        .document("start_document-block-1", Document::path("missing.pdf"));
    show("Missing document", request.send().await);

    show("Unknown run", client.run("run_unknown").get().await);

    let mut runs = client.api().list_workflow_runs().limit(0).items();
    show("Invalid page size", runs.try_next().await);

    let client = builder.api_key("invalid_key").build()?;
    show("Invalid API key", client.run("run_abc123xyz").get().await);
    Ok(())
}

/// Shows errors that a healthy service does not return.
async fn show_fake_errors(client: &Client, fake: &FakeRetab) {
    let start = || client.workflow("wf_abc123xyz").run().send();

    let body = json!({"detail": {"code": "rate_limited", "message": "limit of 300 runs per minute exceeded"}});
    fake.queue_response(Response::json(429, &body).header("retry-after", "86400"));
    show("Rate limit", start().await);

    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    fake.queue_response(Response::new(502, "text/html", page));
    show("Bad gateway", start().await);

    fake.queue_response(Response::json(
        202,
        &json!({"id": "run_1", "lifecycle": "started"}),
    ));
    show("Invalid response body", start().await);
}

fn show<T>(title: &str, result: Result<T, Error>) {
    let Err(error) = result else {
        println!("\n{title}: no error");
        return;
    };
    println!("\n{title}: {:?}\n  {error}", error.kind());
    for violation in error.field_errors() {
        println!("  violation: {violation}");
    }
    println!("  advice: {}", advice(&error));
}

/// Returns what a program could do about an error.
fn advice(error: &Error) -> String {
    if error.is_auth() {
        return "check the API key".to_owned();
    }
    if error.is_not_found() {
        return "check the id".to_owned();
    }
    if let Some(delay) = error.retry_after() {
        return format!("retry after {} s", delay.as_secs());
    }
    if error.outcome_unknown() {
        return "check whether the request took effect before retrying".to_owned();
    }
    if error.is_retryable() {
        return "retry later".to_owned();
    }
    match error.request_id() {
        Some(id) => format!("fix the request, or contact support about request {id}"),
        None => "fix the request".to_owned(),
    }
}
