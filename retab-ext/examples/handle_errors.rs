//! Makes calls that fail, and shows what a program can tell from their errors.
//!
//! `cargo run --example handle_errors`
//!
//! With `RETAB_API_KEY` it calls the service, which it only reads from; without, a fake of it on a free loopback port,
//! which can fail in more ways.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

use futures_util::TryStreamExt as _;
use retab_ext::{Client, ClientBuilder, Document, Error, List as _};
use retab_fake::{FakeRetab, Response};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Error> {
    if std::env::var_os("RETAB_API_KEY").is_some() {
        return fail_everywhere(ClientBuilder::from_env()?).await;
    }
    let fake = FakeRetab::start().await;
    println!(
        "RETAB_API_KEY is not set: a fake of the service answers at {}",
        fake.base_url()
    );
    let settings = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url());
    fail_everywhere(settings.clone()).await?;
    fail_by_the_fake(&settings.build()?, &fake).await;
    Ok(())
}

/// What fails with the service as it does with the fake.
async fn fail_everywhere(settings: ClientBuilder) -> Result<(), Error> {
    let client = settings.clone().build()?;

    let missing = client
        .run("wf_abc123xyz")
        .document("start_document-block-1", Document::path("no such file.pdf"));
    show("A document that is not there", missing.send().await);

    let unknown = client.get_run("run_of_nobody").await;
    show("A run that is not there", unknown);

    let mut too_few = client.api().list_workflow_runs().limit(0).items();
    show("A page of no runs", too_few.try_next().await);

    let stranger = settings.api_key("key_of_nobody").build()?;
    show("A key of nobody", stranger.get_run("run_abc123xyz").await);
    Ok(())
}

/// What a healthy service does not do when it is asked to.
async fn fail_by_the_fake(client: &Client, fake: &FakeRetab) {
    let start = || client.run("wf_abc123xyz").send();

    let busy =
        json!({"detail": {"code": "rate_limited", "message": "300 runs in a minute are enough"}});
    fake.queue_response(Response::json(429, &busy).header("retry-after", "86400"));
    show("Too many requests", start().await);

    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    fake.queue_response(Response::new(502, "text/html", page));
    show("A proxy on the way", start().await);

    fake.queue_response(Response::json(
        202,
        &json!({"id": "run_1", "lifecycle": "begun"}),
    ));
    show("An answer of another shape", start().await);
}

fn show<T>(what: &str, outcome: Result<T, Error>) {
    let Err(error) = outcome else {
        println!("\n{what}: no error");
        return;
    };
    println!("\n{what}: {:?}\n  {error}", error.kind());
    for violation in error.field_errors() {
        println!("  violation: {violation}");
    }
    println!("  what to do: {}", advice(&error));
}

/// What a program could do about an error.
fn advice(error: &Error) -> String {
    if error.is_auth() {
        return "look at the key".to_owned();
    }
    if error.is_not_found() {
        return "look at the id".to_owned();
    }
    if let Some(pause) = error.retry_after() {
        return format!("come back in {} s", pause.as_secs());
    }
    if error.is_retryable() {
        return "try again later, once it is known that nothing has happened".to_owned();
    }
    match error.request_id() {
        Some(id) => format!("mend the request, or ask the support about {id}"),
        None => "mend the request".to_owned(),
    }
}
