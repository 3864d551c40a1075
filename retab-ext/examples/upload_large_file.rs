//! Uploads a file with a progress bar and downloads it again.
//!
//! `cargo run --example upload_large_file [-- FILE]`
//!
//! Uses the service if `RETAB_API_KEY` is set, or else a fake server on a free loopback port. Without `FILE` it uploads
//! 24 MiB of generated data.

#![expect(clippy::print_stdout, reason = "examples print their results")]

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use retab_ext::{Client, Document};
use retab_fake::FakeRetab;

const STYLE: &str = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
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
        Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()?
    };

    let directory = tempfile::tempdir()?;
    let path = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => generate(directory.path().join("catalogue.csv"))?,
    };

    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(STYLE)?);
    let progress = bar.clone();
    let stored = client
        .files()
        .upload(Document::path(&path))
        .on_progress(move |sent, total| {
            progress.set_length(total);
            progress.set_position(sent);
        })
        .send()
        .await?;
    bar.finish();
    println!(
        "uploaded {} as {}: {} bytes, SHA-256 {}",
        stored.name(),
        stored.id(),
        stored.size(),
        stored.sha256()
    );

    let copy = client
        .file(stored.id())
        .download()
        .to_folder(directory.path())
        .await?;
    let size = std::fs::metadata(&copy)?.len();
    println!("downloaded to {}: {size} bytes", copy.display());
    if size != stored.size() {
        return Err("the downloaded file differs in size from the uploaded file".into());
    }
    Ok(())
}

fn generate(path: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    for line in 0..1024 * 1024 {
        writeln!(file, "{line:011};{:011}", line * 7)?;
    }
    file.flush()?;
    Ok(path)
}
