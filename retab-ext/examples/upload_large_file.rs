//! Uploads a file with a progress bar, and downloads it again.
//!
//! `cargo run --example upload_large_file [-- FILE]`
//!
//! With `RETAB_API_KEY` it calls the service; without, a fake of it on a free loopback port. Without `FILE` it uploads
//! 24 MiB that it makes up.

#![expect(clippy::print_stdout, reason = "what an example shows, it prints")]

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use retab_ext::{Client, Document};
use retab_fake::FakeRetab;

const STYLE: &str = "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
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
        Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()?
    };

    let folder = tempfile::tempdir()?;
    let path = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => made_up(folder.path().join("catalogue.csv"))?,
    };

    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(STYLE)?);
    let shown = bar.clone();
    let stored = client
        .files()
        .upload(Document::path(&path))
        .on_progress(move |sent, total| {
            shown.set_length(total);
            shown.set_position(sent);
        })
        .send()
        .await?;
    bar.finish();
    println!(
        "{} is {}: {} bytes, SHA-256 {}",
        stored.name(),
        stored.id(),
        stored.size(),
        stored.sha256()
    );

    let copy = client
        .files()
        .download(stored.id())
        .to_folder(folder.path())
        .await?;
    let size = std::fs::metadata(&copy)?.len();
    println!("downloaded to {}: {size} bytes", copy.display());
    if size != stored.size() {
        return Err("what came back is not what was sent".into());
    }
    Ok(())
}

fn made_up(path: PathBuf) -> Result<PathBuf, Box<dyn Error>> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    for line in 0..1024 * 1024 {
        writeln!(file, "{line:011};{:011}", line * 7)?;
    }
    file.flush()?;
    Ok(path)
}
