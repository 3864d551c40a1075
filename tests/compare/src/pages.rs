//! Pages of 100 items in the format of the service: compact JSON in which every property is present, or null.

use serde_json::{Map, Value, json};

/// Number of items per page: the maximum that the service returns.
pub const LENGTH: usize = 100;

const TRIGGERS: [&str; 6] = ["api", "manual", "webhook", "email", "schedule", "restart"];

const BLOCKS: [&str; 5] = ["extract", "parse", "classifier", "for_each", "api_call"];

/// Position of a union's tag among the properties of its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPlace {
    /// Before the other properties, as in most unions of the service.
    First,
    /// After the other properties.
    Last,
}

/// Returns a page of workflow runs: out of ten, five are completed and the others have one other lifecycle each.
#[must_use]
pub fn runs(place: TagPlace) -> Vec<u8> {
    page("run", |number| run(place, number))
}

/// Returns a page of run steps in all eight lifecycles.
#[must_use]
pub fn steps(place: TagPlace) -> Vec<u8> {
    page("step", |number| step(place, number))
}

/// Returns a page of evals with nested unions and several kinds of assertions.
#[must_use]
pub fn evals(place: TagPlace) -> Vec<u8> {
    page("eval", |number| eval(place, number))
}

fn page(kind: &str, item: impl Fn(usize) -> Value) -> Vec<u8> {
    let data: Vec<_> = (0..LENGTH).map(item).collect();
    let page = json!({
        "data": data,
        "list_metadata": {"before": null, "after": id(kind, LENGTH)},
    });
    page.to_string().into_bytes()
}

fn run(place: TagPlace, number: usize) -> Value {
    let lifecycle = match number % 10 {
        0 => tagged(place, "status", "pending", json!({})),
        1 => tagged(place, "status", "running", json!({})),
        2 => {
            let waiting =
                json!({"waiting_for_block_ids": [id("block", number), id("block", number + 1)]});
            tagged(place, "status", "awaiting_review", waiting)
        }
        3 => tagged(place, "status", "error", fault(number, true)),
        4 => tagged(
            place,
            "status",
            "cancelled",
            json!({"reason": "superseded by a later run"}),
        ),
        _ => tagged(place, "status", "completed", json!({})),
    };
    let (started_at, completed_at) = times(number);
    json!({
        "id": id("run", number),
        "workflow_id": id("wf", number % 7),
        "workflow_version_id": format!("ver_{number:064x}"),
        "trigger": {"type": TRIGGERS[number % TRIGGERS.len()]},
        "lifecycle": lifecycle,
        "timing": {"created_at": time(number), "started_at": started_at, "completed_at": completed_at},
        "inputs": {
            "documents": {
                "start_document-block-1": file(number),
                "start_document-block-2": file(number + LENGTH),
            },
            "json_data": {"start_json-block-3": order(number)},
        },
        "metadata": {
            "tenant": format!("tenant-{}", number % 12),
            "correlation_id": id("corr", number),
            "source": "nightly import",
            "attempt": (number % 3).to_string(),
        },
    })
}

fn step(place: TagPlace, number: usize) -> Value {
    let reason = json!({"reason": "the condition before it chose the other branch"});
    let lifecycle = match number % 12 {
        0 => tagged(place, "status", "pending", json!({})),
        1 => tagged(place, "status", "queued", json!({})),
        2 => tagged(place, "status", "running", json!({})),
        3 => tagged(place, "status", "awaiting_review", json!({})),
        4 => tagged(place, "status", "error", fault(number, false)),
        5 => tagged(place, "status", "skipped", reason),
        6 => tagged(place, "status", "cancelled", reason),
        _ => tagged(place, "status", "completed", json!({})),
    };
    let (started_at, completed_at) = times(number);
    json!({
        "block_id": id("block", number),
        "step_id": id("step", number),
        "block_type": BLOCKS[number % BLOCKS.len()],
        "block_label": format!("Read the order, part {}", number % 5),
        "lifecycle": lifecycle,
        "started_at": started_at,
        "completed_at": completed_at,
        "model": (number % 5 < 3).then_some("retab-small"),
        "loop_containers": [
            {"container_id": id("block", number / 10), "iteration": number % 10, "is_parallel": false, "parallel_item_index": null},
            {"container_id": id("block", number / 5), "iteration": 0, "is_parallel": true, "parallel_item_index": number % 5},
        ],
        "run_id": id("run", number / 8),
        "created_at": time(number),
        "handle_inputs": {
            "input-file-0": {"type": "file", "document": file(number), "data": null},
            "input-json-0": {"type": "json", "document": null, "data": order(number)},
        },
        "handle_outputs": {
            "output-json-0": {"type": "json", "document": null, "data": order(number + 1)},
        },
        "artifact": {"operation": "extraction", "id": id("extr", number)},
        "retry_count": number % 2,
    })
}

fn eval(place: TagPlace, number: usize) -> Value {
    let source = if number.is_multiple_of(2) {
        let json = tagged(place, "type", "json", json!({"data": order(number)}));
        let file = tagged(place, "type", "file", json!({"document": file(number)}));
        let inputs = json!({"handle_inputs": {"input-json-0": json, "input-file-0": file}});
        tagged(place, "type", "manual", inputs)
    } else {
        let step = json!({"run_id": id("run", number), "step_id": id("step", number)});
        tagged(place, "type", "run_step", step)
    };
    json!({
        "id": id("eval", number),
        "workflow_id": id("wf", number % 7),
        "target": {"type": "block", "block_id": id("block", number)},
        "source": source,
        "name": format!("The total of order {number} is right"),
        "assertion": {
            "id": id("asrt", number),
            "target": {"output_handle_id": "output-json-0", "path": "order.total"},
            "condition": condition(place, number),
            "label": null,
        },
        "assertion_schema_dep": {
            "output_handle_id": "output-json-0",
            "schema_path": "properties.order.properties.total",
            "subtree_hash": format!("{number:064x}"),
            "depends_on_root": false,
        },
        "assertion_drift_status": "valid",
        "schema_drift": "none",
        "schema_drift_detail": null,
        "freshness": {
            "status": "fresh",
            "reasons": [],
            "validity_fingerprint": format!("{number:032x}"),
            "input_fingerprint": format!("{number:032x}"),
            "baseline_run_id": id("run", number),
        },
        "drift": {"status": "none", "affected_targets": [], "detail": null},
        "validation_status": "valid",
        "validation_issues": [],
        "latest_run_summary": summary(number, "passed"),
        "latest_passing_run_summary": summary(number, "passed"),
        "latest_failing_run_summary": summary(number + 1, "failed"),
        "created_at": time(number),
        "updated_at": time(number + 1),
    })
}

fn condition(place: TagPlace, number: usize) -> Value {
    match number % 5 {
        0 => tagged(place, "kind", "exists", json!({})),
        1 => tagged(place, "kind", "equals", json!({"expected": order(number)})),
        2 => {
            let bounds = json!({"lower": 0, "upper": 99.5, "inclusive": true});
            tagged(place, "kind", "between", bounds)
        }
        3 => {
            let pattern = json!({"pattern": "^[A-Z]{2}-[0-9]+$"});
            let within = tagged(place, "kind", "matches_regex", pattern);
            tagged(
                place,
                "kind",
                "all_items_match",
                json!({"condition": within}),
            )
        }
        _ => {
            let rubric = json!({"rubric": "Is the address complete?", "expected_label": "yes"});
            tagged(place, "kind", "llm_judged_as", rubric)
        }
    }
}

fn summary(number: usize, outcome: &str) -> Value {
    json!({
        "run_record_id": id("evrun", number),
        "status": "completed",
        "outcome": outcome,
        "started_at": time(number),
        "completed_at": time(number + 1),
        "duration_ms": 1200 + number,
        "workflow_draft_fingerprint": format!("{number:032x}"),
        "block_execution_fingerprint": format!("{number:032x}"),
        "validity_fingerprint": format!("{number:032x}"),
        "handle_inputs_fingerprint": format!("{number:032x}"),
        "assertions_passed": 1,
        "assertions_failed": 0,
        "blocked_assertions": 0,
    })
}

/// Error details. Those of a run also contain the failing step.
fn fault(number: usize, of_run: bool) -> Value {
    let frames = (0..6).map(|frame| format!("  at block_{frame}.execute (line {})\n", frame * 17));
    let mut fault = json!({
        "message": format!("The service behind block {number} answered 503 three times.\n\"Try later.\""),
        "stage": "execution",
        "category": "transient",
        "details": {
            "message": "upstream is overloaded",
            "stack_trace": frames.collect::<String>(),
            "block_id": id("block", number),
            "block_name": "Post to the ledger",
            "error_code": "UPSTREAM_503",
            "context": {"attempts": 3, "url_host": "ledger.example", "elapsed_ms": [410, 893, 1720]},
        },
    });
    if of_run {
        fault["failing_step_id"] = json!(id("step", number));
    }
    fault
}

fn file(number: usize) -> Value {
    json!({
        "id": id("file", number),
        "filename": format!("Bestellung Nr. {number} – Zürich.pdf"),
        "mime_type": "application/pdf",
    })
}

fn order(number: usize) -> Value {
    json!({
        "order": {
            "number": format!("PO-{number:06}"),
            "total": 1249.5,
            "lines": [
                {"sku": "A-1", "quantity": number, "price": 12.25, "rush": false},
                {"sku": "B-2", "quantity": 3, "price": 400.0, "rush": true},
            ],
            "note": null,
        },
    })
}

/// An object with its tag before or after its other properties.
fn tagged(place: TagPlace, key: &str, tag: &str, properties: Value) -> Value {
    let mut object = Map::new();
    if place == TagPlace::First {
        object.insert(key.to_owned(), tag.into());
    }
    if let Value::Object(properties) = properties {
        object.extend(properties);
    }
    if place == TagPlace::Last {
        object.insert(key.to_owned(), tag.into());
    }
    Value::Object(object)
}

fn id(kind: &str, number: usize) -> String {
    format!("{kind}_{:021}", number * 7_919)
}

fn time(number: usize) -> String {
    format!(
        "2026-08-16T10:{:02}:{:02}.{:06}Z",
        number / 60,
        number % 60,
        100_003 + number
    )
}

/// Start and end time. Out of ten items, two have neither.
fn times(number: usize) -> (Option<String>, Option<String>) {
    let time_after = |after| (number % 10 > 1).then(|| time(number + after));
    (time_after(1), time_after(9))
}
