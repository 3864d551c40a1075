//! Every operation, called with requests drawn from the document: whatever the fake answers must fit the document too.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use retab_fake::FakeRetab;
use retab_fake::spec::{Operation, Profile, Sampler, Violation, vendored};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::{Got, call, get, got};

/// What each operation gets, each of them once with any ids and once with those of what is there.
const PROFILES: [Profile; 6] = [
    Profile::Minimal,
    Profile::Full,
    Profile::Nulls,
    Profile::Edges,
    Profile::Varied,
    Profile::Varied,
];

type Arguments = Map<String, Value>;

#[tokio::test]
async fn whatever_is_answered_to_whatever_fits_fits_the_document() {
    let mut sampler = Sampler::for_requests(vendored().spec(), 3);
    let mut succeeded = BTreeSet::new();
    let mut findings = Vec::new();
    let (mut answers, mut refusals) = (0, 0);
    for operation in vendored().operations() {
        let fake = FakeRetab::start().await;
        let known = Known::prepare(&fake).await;
        for profile in PROFILES {
            let any = sampler.arguments(operation, profile);
            let named = known
                .name(&fake, operation, any.clone(), &mut sampler)
                .await;
            for arguments in [any, named] {
                let answer = send(&fake, operation, &arguments).await;
                answers += 1;
                match check(operation, &answer) {
                    Ok(true) => drop(succeeded.insert(operation.id)),
                    Ok(false) => refusals += 1,
                    Err(finding) => findings.push(format!("{} {finding}", operation.id)),
                }
            }
        }
    }
    println!(
        "answers     {answers} to {} operations, {refusals} of them refusals",
        vendored().operations().len()
    );
    let shown: Vec<&str> = findings.iter().take(40).map(String::as_str).collect();
    assert!(
        findings.is_empty(),
        "{} findings, such as\n{}",
        findings.len(),
        shown.join("\n")
    );
    let without_success: Vec<&str> = vendored()
        .operations()
        .iter()
        .map(|operation| operation.id)
        .filter(|id| !succeeded.contains(id))
        .collect();
    assert_eq!(without_success, [""; 0], "nothing but refusals");
}

/// Whether an answer is a success, if it is one that the document has, or a refusal in a form of the service.
fn check(operation: &Operation<'static>, got: &Got) -> Result<bool, String> {
    let media_type = got
        .headers
        .get("content-type")
        .map(|value| value.to_str().unwrap());
    if !(200..300).contains(&got.status) {
        return match got.status {
            404 | 409 | 410 | 422 | 429 => check_refusal(got).map(|()| false),
            status => Err(format!("answered {status}: {}", got.text)),
        };
    }
    let declared = operation
        .responses
        .iter()
        .filter(|answer| answer.status == got.status);
    let mut declared = declared.filter(|answer| answer.media_type == media_type);
    let Some(answer) = declared.next() else {
        return Err(format!("answered {} with {media_type:?}", got.status));
    };
    if answer.is_json() {
        let violations = vendored()
            .checker()
            .violations(&answer.schema, &got.json())
            .unwrap();
        // The service answers null where there is no output yet, of which its document says nothing.
        let is_absent_output = |violation: &Violation| {
            let place = format!("/{}", violation.path.trim_start_matches('/'));
            place.ends_with("/output") && got.json().pointer(&place) == Some(&Value::Null)
        };
        if let Some(violation) = violations
            .iter()
            .find(|violation| !is_absent_output(violation))
        {
            return Err(format!(
                "answered {} with {violation}: {}",
                got.status, got.text
            ));
        }
    }
    Ok(true)
}

fn check_refusal(got: &Got) -> Result<(), String> {
    let body = got.json();
    let fits = match &body["detail"] {
        Value::String(text) => !text.is_empty(),
        Value::Object(coded) => coded["code"].is_string() && coded["message"].is_string(),
        Value::Array(_) => {
            let schema = vendored().spec().component("HTTPValidationError").unwrap();
            vendored()
                .checker()
                .violations(&schema, &body)
                .unwrap()
                .is_empty()
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(format!("refused {} with {body}", got.status))
    }
}

/// Ids of what is there.
struct Known(Vec<(&'static str, Value)>);

impl Known {
    /// Sets up a fake that has something of what the fake keeps.
    async fn prepare(fake: &FakeRetab) -> Self {
        let edge = json!({
            "workflow_id": "wf_abc123xyz",
            "id": "edge-1",
            "source_block": "start_document-block-1",
            "target_block": "extract-block-1",
        });
        call(fake, "POST /v1/workflows/edges", edge).await;
        let published = call(fake, "POST /v1/workflows/wf_abc123xyz/publish", Value::Null).await;
        let version = published.json()["published"]["version_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let run = json!({"workflow_id": "wf_abc123xyz"});
        call(fake, "POST /v1/workflows/runs", run).await;
        for _ in 0..2 {
            get(fake, "/v1/workflows/runs/run_000001").await;
        }
        let review =
            json!({"workflow_id": "wf_abc123xyz", "metadata": {"fake_end": "awaiting_review"}});
        call(fake, "POST /v1/workflows/runs", review).await;
        for _ in 0..2 {
            get(fake, "/v1/workflows/runs/run_000002").await;
        }
        let reviews = get(fake, "/v1/workflows/reviews").await.json();
        let review = reviews["data"][0]["id"].clone();
        let target = format!("/v1/workflows/reviews/versions?review_id={}", text(&review));
        let versions = get(fake, &target).await.json();
        let latest = versions["data"][1]["id"].clone();
        let of_version = |part: &str| json!(format!("wf_abc123xyz.{version}.{part}"));
        Self(vec![
            ("workflow_id", json!("wf_abc123xyz")),
            ("workflow_version_id", json!(version)),
            ("from_workflow_version_id", json!("ver_0000first")),
            ("to_workflow_version_id", json!(version)),
            ("block_id", json!("extract-block-1")),
            ("source_block", json!("start_document-block-1")),
            ("target_block", json!("extract-block-1")),
            ("block_version_id", of_version("extract-block-1")),
            (
                "from_block_version_id",
                json!("wf_abc123xyz.ver_0000production.extract-block-1"),
            ),
            ("to_block_version_id", of_version("extract-block-1")),
            ("edge_id", json!("edge-1")),
            ("edge_version_id", of_version("edge-1")),
            ("from_edge_version_id", of_version("edge-1")),
            ("to_edge_version_id", of_version("edge-1")),
            ("step_id", json!("extract-block-1")),
            ("artifact_id", json!("extr_000001")),
            ("run_id", json!("run_000001")),
            ("parent_run_id", Value::Null),
            ("source_experiment_id", Value::Null),
            ("version", json!("production")),
            ("documents", json!({})),
            ("file_id", json!(fake.add_file("a.pdf", "%PDF-1.4"))),
            ("document", document()),
            ("review_id", review),
            ("version_id", latest.clone()),
            ("parent_id", latest),
            ("column", json!("sku")),
            ("sort_column", Value::Null),
            ("distinct", Value::Null),
            ("search", Value::Null),
            ("select", json!(["sku"])),
            ("filters", json!([])),
            ("sort", json!([])),
            ("group_by", json!([])),
            ("aggregations", json!([])),
            ("filename_regex", json!("a.*")),
            (
                "file",
                json!({"file_name": "a.csv", "content": "sku,price\nA-1,9.5\n"}),
            ),
            ("before", Value::Null),
            ("after", Value::Null),
            ("from_date", json!("2026-03-09")),
            ("to_date", json!("2026-03-10")),
            ("metadata", json!(r#"{"tenant":"acme"}"#)),
        ])
    }

    /// The same arguments with ids of what is there: what was created for the call, where the document has a POST for it.
    async fn name(
        &self,
        fake: &FakeRetab,
        operation: &Operation<'static>,
        mut arguments: Arguments,
        sampler: &mut Sampler,
    ) -> Arguments {
        for place in ["path", "query", "part", "body"] {
            let Some(values) = arguments.get_mut(place).and_then(Value::as_object_mut) else {
                continue;
            };
            for (name, known) in &self.0 {
                match (known, values.contains_key(*name)) {
                    (_, false) => {}
                    (Value::Null, true) => drop(values.remove(*name)),
                    // In a body it is an object.
                    (Value::String(_), true) if *name == "metadata" && place == "body" => {}
                    (_, true) if values[*name].is_array() && *name == "documents" => {
                        values.insert((*name).to_owned(), json!([document()]));
                    }
                    (known, true) => drop(values.insert((*name).to_owned(), known.clone())),
                }
            }
        }
        if operation.id == "create_edit" {
            // Either this or a template, which the document does not say.
            arguments["body"]["document"] = document();
            arguments["body"]["template_id"] = Value::Null;
        }
        if let Some(id) = self.create_parent(fake, operation, sampler).await {
            for place in ["query", "body"] {
                for name in ["run_id", "experiment_id", "template_id"] {
                    if let Some(named) = arguments
                        .get_mut(place)
                        .and_then(|values| values.get_mut(name))
                    {
                        *named = id.clone();
                    }
                }
            }
            if arguments.contains_key("path") {
                arguments["path"]["result_id"] = json!(format!("{}_result", text(&id)));
            }
            return arguments;
        }
        if let Some((collection, parameter)) = item_of(operation)
            && let Some(id) = self.create(fake, &collection, sampler).await
        {
            arguments["path"][parameter] = id;
        }
        arguments
    }

    /// Creates what an operation of results and of runs of experiments needs; a run has ended then.
    async fn create_parent(
        &self,
        fake: &FakeRetab,
        operation: &Operation<'static>,
        sampler: &mut Sampler,
    ) -> Option<Value> {
        let runs = match operation.id {
            "create_experiment_run" => {
                return self
                    .create(fake, "/v1/workflows/experiments", sampler)
                    .await;
            }
            "list_workflow_eval_results" | "get_workflow_eval_result" => "/v1/workflows/evals/runs",
            "list_experiment_results"
            | "get_experiment_result"
            | "get_experiment_metrics_for_run" => "/v1/workflows/experiments/runs",
            _ => return None,
        };
        let id = self.create(fake, runs, sampler).await?;
        for _ in 0..2 {
            get(fake, &format!("{runs}/{}", text(&id))).await;
        }
        Some(id)
    }

    /// Creates something in a collection, which is none of those that are there from the start.
    async fn create(
        &self,
        fake: &FakeRetab,
        collection: &str,
        sampler: &mut Sampler,
    ) -> Option<Value> {
        if [
            "/v1/workflows",
            "/v1/workflows/blocks",
            "/v1/workflows/edges",
        ]
        .contains(&collection)
        {
            return None;
        }
        if collection == "/v1/files/upload" {
            let body = json!({"filename": "a.pdf", "size_bytes": 0});
            let opened = call(fake, "POST /v1/files/upload", body).await;
            return Some(opened.json()["fileId"].clone());
        }
        let create = vendored().find(&http::Method::POST, collection)?;
        let arguments = sampler.arguments(create, Profile::Minimal);
        let arguments = Box::pin(self.name(fake, create, arguments, sampler)).await;
        let created = send(fake, create, &arguments).await;
        let created: Value = serde_json::from_str(&created.text).ok()?;
        let places = ["/id", "/tables/0/id", "/secret/name", "/name"];
        let id = places.iter().find_map(|place| created.pointer(place));
        id.filter(|id| id.is_string()).cloned()
    }
}

/// A document that fits anywhere.
fn document() -> Value {
    json!({"filename": "a.txt", "url": "data:text/plain;base64,YQ=="})
}

/// The collection whose item an operation is about, and the parameter that names the item.
fn item_of(operation: &Operation<'static>) -> Option<(String, &'static str)> {
    let (collection, rest) = operation.path.split_once("/{")?;
    let (parameter, _) = rest.split_once('}')?;
    Some((collection.to_owned(), parameter))
}

async fn send(fake: &FakeRetab, operation: &Operation<'static>, arguments: &Arguments) -> Got {
    let values = |place: &str| arguments.get(place).and_then(Value::as_object).cloned();
    let mut path = operation.path.to_owned();
    for (name, value) in values("path").unwrap_or_default() {
        let text = text(&value);
        let escaped = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        path = path.replace(&format!("{{{name}}}"), &escaped);
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in values("query").unwrap_or_default() {
        match &value {
            Value::Array(several) => {
                for one in several {
                    query.append_pair(&name, &text(one));
                }
            }
            one => drop(query.append_pair(&name, &text(one))),
        }
    }
    let url = format!("{}{path}?{}", fake.base_url(), query.finish());
    let method = operation.method.clone();
    let mut request = crate::client()
        .request(method, url.trim_end_matches('?'))
        .bearer_auth(FakeRetab::API_KEY);
    for (name, value) in values("header").unwrap_or_default() {
        request = request.header(name, text(&value));
    }
    if let Some(body) = arguments.get("body") {
        request = request
            .header("content-type", "application/json")
            .body(body.to_string());
    } else if let Some(parts) = values("part") {
        let media_type = "multipart/form-data; boundary=boundary-of-the-test";
        request = request
            .header("content-type", media_type)
            .body(form(&parts));
    }
    got(request).await
}

fn form(parts: &Map<String, Value>) -> String {
    let mut form = String::new();
    for (name, value) in parts {
        form += "--boundary-of-the-test\r\ncontent-disposition: form-data; name=\"";
        form += name;
        form += "\"";
        if let Some(file_name) = value["file_name"].as_str() {
            write!(form, "; filename=\"{}\"", file_name.replace('"', "%22")).unwrap();
        }
        let content = value.get("content").unwrap_or(value);
        write!(form, "\r\n\r\n{}\r\n", text(content)).unwrap();
    }
    form + "--boundary-of-the-test--\r\n"
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
