//! Renders `tests/FAULTS.md`.

use std::path::Path;

use crate::scenario::Scenario;
use crate::table::FAULTS;

const INTRODUCTION: &str = "\
# Client behavior under faults

Each row is a fault; each column is a client method whose request hits it. `cargo test -p retab-tests --test faults` runs
every cell against a scripted server with a manual clock, and fails if a result differs. The file is generated from
`tests/tests/faults/table.rs`. To update it, run `UPDATE_DOCS=1 cargo test -p retab-tests --test faults`.

Unless the row says otherwise, the fault hits one request and the server is healthy afterwards. A cell lists, in order:

- the result: `ok`, `timed out`, or the `ErrorKind` with the HTTP status, then `unknown` if `outcome_unknown()` is true and
  `retryable` if `is_retryable()` is true;
- requests whose head reached the server / attempts made by the client;
- elapsed time on the client clock, including backoff (at maximum jitter) and timeouts;
- for `create` only, an upper bound for the number of runs created, which never exceeds 1.

A dash means that the fault does not apply, with the reason.

| column | method | request that hits the fault |
| --- | --- | --- |
| read | `get_run` (idempotent) | the request |
| create | `run().document().send()` (not idempotent) | the request |
| upload | `files().upload()` of a path | the `PUT` to object storage |
| wait | `run.wait()` | the first poll, after 2 s |
| page | items of `list_workflow_runs` | the second page, after one item |
| download | `file().download().to_path()` | the `GET` from object storage |

A wait that times out abandons its in-flight poll.

Every cell also checks that:

- no error and no trace contains the API key, the document or a presigned URL;
- no other host receives the API key, and redirects are not followed;
- an uploaded file is complete;
- a download either completes or leaves the existing file untouched;
- no temporary file remains.
";

const OTHER_TESTS: &str = "
The same test binary also covers:

- Cancellation (`cancellation.rs`): each method is dropped after every one of its polls. The client stays usable, the dropped
  call creates at most one run or completes at most one upload, and no temporary file remains.
- Full disks (`disk_full.rs`): a download to a full device or disk fails without a retry and leaves the existing file
  untouched.
- Unsolicited responses (`unsolicited_response.rs`): a second response on a kept-alive connection is never used for the next
  request.
";

pub(crate) fn render() -> String {
    let mut report = INTRODUCTION.to_owned();
    let scenarios = Scenario::ALL.map(|scenario| format!("{scenario:?}").to_lowercase());
    let rows = FAULTS
        .iter()
        .map(|fault| (fault.name, fault.cells.join(" | ")));
    let head = [
        ("fault", scenarios.join(" | ")),
        ("---", ["---"; 6].join(" | ")),
    ];
    report.push('\n');
    for (name, cells) in head.into_iter().chain(rows) {
        report.extend(["| ", name, " | ", &cells, " |\n"]);
    }
    report.push_str(OTHER_TESTS);
    report
}

/// Compares a generated file, relative to this package, with its expected content, or rewrites it if `UPDATE_DOCS` is set.
pub(crate) fn check(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == expected,
        "{file} is outdated: run UPDATE_DOCS=1 cargo test -p retab-tests --test faults"
    );
}
