//! How long both crates take from the bytes of an answer to its value. Fails where a call of `retab-api` takes longer.
//!
//! - `call` is a whole call of the client of `retab-api` to a service in memory, which decodes as every call does: an
//!   error would name the field.
//! - `types` are the types of `retab-api` alone, by `serde_json::from_slice`.
//! - `official` are the types of the official crate by `serde_json::from_slice`, as its client decodes.
//!
//! All of them use one build of `serde_json`, with the order of keys kept.

#![allow(missing_docs, reason = "a benchmark is no API")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use retab::models as theirs;
use retab_api::types as ours;
use retab_api::{Client, ResponseValue};
use retab_compare::answering::{at_once, client};
use retab_compare::official::Page;
use retab_compare::pages::{TagPlace, evals, runs, steps};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What is measured for each page.
const MEASURED: [&str; 3] = ["call", "types", "official"];

/// How the service writes most unions. A tag that comes last is for comparison: what stands before it is kept with its
/// place, so that an error can name it.
const AS_WRITTEN: &str = "tag first";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decode");
    // What stands there is of another run, and only numbers of one run are compared.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .configure_from_args();
    for (place, said) in [(TagPlace::First, AS_WRITTEN), (TagPlace::Last, "tag last")] {
        compare::<theirs::WorkflowRun, ours::WorkflowRunList, _>(
            &mut criterion,
            &format!("100 runs, {said}"),
            &runs(place),
            &async |client: &Client| client.list_workflow_runs().send().await,
        )?;
        compare::<theirs::WorkflowRunStep, ours::WorkflowStepList, _>(
            &mut criterion,
            &format!("100 steps, {said}"),
            &steps(place),
            &async |client: &Client| client.list_workflow_run_steps().send().await,
        )?;
        compare::<theirs::WorkflowEval, ours::WorkflowEvalList, _>(
            &mut criterion,
            &format!("100 evals, {said}"),
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
    judge(&folder)
}

/// Measures how long a page takes.
fn compare<T, O, C>(
    criterion: &mut Criterion,
    name: &str,
    page: &[u8],
    call: &C,
) -> Result<(), Box<dyn Error>>
where
    T: DeserializeOwned,
    O: DeserializeOwned,
    C: AsyncFn(&Client) -> Result<ResponseValue<O>, retab_api::Error>,
{
    let client = client(page.to_owned())?;
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(page.len() as u64));
    let [by_call, by_types, official] = MEASURED;
    group.bench_function(by_call, |bencher| {
        bencher.iter(|| at_once(call(black_box(&client))).unwrap().unwrap());
    });
    group.bench_function(by_types, |bencher| {
        bencher.iter(|| serde_json::from_slice::<O>(black_box(page)).unwrap());
    });
    group.bench_function(official, |bencher| {
        bencher.iter(|| serde_json::from_slice::<Page<T>>(black_box(page)).unwrap());
    });
    group.finish();
    Ok(())
}

/// Prints how long each took, and how that compares with the official crate. Fails where a call takes longer, for a page
/// as the service writes it.
fn judge(folder: &Path) -> Result<(), Box<dyn Error>> {
    // Nothing was measured where the program was only to be tried.
    let Ok(measured) = fs::read_dir(folder) else {
        return Ok(());
    };
    let pages: BTreeSet<_> = measured
        .map(|page| page.map(|page| page.path()))
        .collect::<Result<_, _>>()?;
    println!("fastest sample, and its ratio to that of the official crate");
    let mut slower = Vec::new();
    for page in pages {
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        let [call, types, official] = MEASURED.map(|measured| fastest(&page.join(measured)));
        let (call, types, official) = (call?, types?, official?);
        println!(
            "{name:<22} call {call:5.0} µs {:4.2}   types {types:5.0} µs {:4.2}   official {official:5.0} µs",
            call / official,
            types / official,
        );
        if call > official && name.ends_with(AS_WRITTEN) {
            slower.push(name.into_owned());
        }
    }
    if slower.is_empty() {
        return Ok(());
    }
    Err(format!("slower than the official crate: {}", slower.join("; ")).into())
}

/// Microseconds a page in the fastest sample: the one that other programs of the machine disturbed least.
fn fastest(folder: &Path) -> Result<f64, Box<dyn Error>> {
    let samples: Samples = serde_json::from_slice(&fs::read(folder.join("new/sample.json"))?)?;
    let each = samples.times.iter().zip(&samples.iters);
    let fastest = each
        .map(|(nanoseconds, pages)| nanoseconds / pages / 1000.0)
        .min_by(f64::total_cmp);
    fastest.ok_or_else(|| format!("no sample in {}", folder.display()).into())
}

/// What criterion has measured: nanoseconds, and how many pages were decoded in them.
#[derive(Deserialize)]
struct Samples {
    iters: Vec<f64>,
    times: Vec<f64>,
}
