//! Measures how fast both crates decode a response body. Fails if `retab-api` is slower than the official crate.
//!
//! - `request` sends a request with the `retab-api` client to an in-memory service. Like every request, it tracks JSON
//!   paths for error messages.
//! - `types` decodes into the types of `retab-api` with `serde_json::from_slice`.
//! - `official` decodes into the types of the official crate with `serde_json::from_slice`, like its client.
//!
//! All of them use one build of `serde_json`, with `preserve_order`.

#![allow(missing_docs, reason = "a benchmark has no public API")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use retab::models;
use retab_api::types;
use retab_api::{Client, ResponseValue};
use retab_compare::in_memory::{client, poll_once};
use retab_compare::official::Page;
use retab_compare::pages::{TagPlace, evals, runs, steps};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The measurements of each page.
const MEASURED: [&str; 3] = ["request", "types", "official"];

/// The order in most unions of the service. Unions with the tag last are measured for comparison: the client buffers the
/// properties before the tag together with their JSON path.
const SERVICE_ORDER: &str = "tag first";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decode");
    // Only numbers of the same run are comparable.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .configure_from_args();
    for (place, order) in [
        (TagPlace::First, SERVICE_ORDER),
        (TagPlace::Last, "tag last"),
    ] {
        compare::<models::WorkflowRun, types::WorkflowRunList, _>(
            &mut criterion,
            &format!("100 runs, {order}"),
            &runs(place),
            &async |client: &Client| client.list_workflow_runs().send().await,
        )?;
        compare::<models::WorkflowRunStep, types::WorkflowStepList, _>(
            &mut criterion,
            &format!("100 steps, {order}"),
            &steps(place),
            &async |client: &Client| client.list_workflow_run_steps().send().await,
        )?;
        compare::<models::WorkflowEval, types::WorkflowEvalList, _>(
            &mut criterion,
            &format!("100 evals, {order}"),
            &evals(place),
            &async |client: &Client| {
                client
                    .list_workflow_evals()
                    .workflow_id("wf_1")
                    .send()
                    .await
            },
        )?;
    }
    report(&folder)
}

/// Benchmarks one page.
fn compare<T, O, C>(
    criterion: &mut Criterion,
    name: &str,
    page: &[u8],
    send: &C,
) -> Result<(), Box<dyn Error>>
where
    T: DeserializeOwned,
    O: DeserializeOwned,
    C: AsyncFn(&Client) -> Result<ResponseValue<O>, retab_api::Error>,
{
    let client = client(page.to_owned())?;
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(page.len() as u64));
    let [request, types, official] = MEASURED;
    group.bench_function(request, |bencher| {
        bencher.iter(|| poll_once(send(black_box(&client))).unwrap().unwrap());
    });
    group.bench_function(types, |bencher| {
        bencher.iter(|| serde_json::from_slice::<O>(black_box(page)).unwrap());
    });
    group.bench_function(official, |bencher| {
        bencher.iter(|| serde_json::from_slice::<Page<T>>(black_box(page)).unwrap());
    });
    group.finish();
    Ok(())
}

/// Prints the fastest sample of each measurement and its ratio to the official crate. Fails if a request takes longer than
/// the official crate on a page in the order of the service.
fn report(folder: &Path) -> Result<(), Box<dyn Error>> {
    // With `--test`, criterion measures nothing.
    let Ok(measured) = fs::read_dir(folder) else {
        return Ok(());
    };
    let pages: BTreeSet<_> = measured
        .map(|page| page.map(|page| page.path()))
        .collect::<Result<_, _>>()?;
    println!("fastest sample, and its ratio to the official crate");
    let mut slower = Vec::new();
    for page in pages {
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        let [request, types, official] = MEASURED.map(|measured| fastest(&page.join(measured)));
        let (request, types, official) = (request?, types?, official?);
        println!(
            "{name:<22} request {request:5.0} µs {:4.2}   types {types:5.0} µs {:4.2}   official {official:5.0} µs",
            request / official,
            types / official,
        );
        if request > official && name.ends_with(SERVICE_ORDER) {
            slower.push(name.into_owned());
        }
    }
    if slower.is_empty() {
        return Ok(());
    }
    Err(format!("slower than the official crate: {}", slower.join("; ")).into())
}

/// Microseconds per page in the fastest sample, which other processes disturbed least.
fn fastest(folder: &Path) -> Result<f64, Box<dyn Error>> {
    let samples: Samples = serde_json::from_slice(&fs::read(folder.join("new/sample.json"))?)?;
    let each = samples.times.iter().zip(&samples.iters);
    let fastest = each
        .map(|(nanoseconds, pages)| nanoseconds / pages / 1000.0)
        .min_by(f64::total_cmp);
    fastest.ok_or_else(|| format!("no sample in {}", folder.display()).into())
}

/// Samples of criterion: the number of decoded pages, and the time in nanoseconds.
#[derive(Deserialize)]
struct Samples {
    iters: Vec<f64>,
    times: Vec<f64>,
}
