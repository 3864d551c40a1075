//! Requests generated from the spec for every operation. All responses must conform to the spec.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use retab_fake::FakeRetab;
use retab_fake::spec::{Operation, Profile, Sampler, Violation, vendored};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::{TestResponse, execute, get, send};

/// The sampling profiles, each used once with random IDs and once with existing IDs.
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
async fn responses_to_valid_requests_conform_to_spec() {
    let mut sampler = Sampler::for_requests(vendored().spec(), 3);
    let mut succeeded = BTreeSet::new();
    let mut problems = Vec::new();
    let (mut responses, mut errors) = (0, 0);
    for operation in vendored().operations() {
        let fake = FakeRetab::start().await;
        let existing = ExistingIds::prepare(&fake).await;
        for profile in PROFILES {
            let random = sampler.arguments(operation, profile);
            let with_ids = existing
                .insert_into(&fake, operation, random.clone(), &mut sampler)
                .await;
            for arguments in [random, with_ids] {
                let response = send_operation(&fake, operation, &arguments).await;
                responses += 1;
                match check(operation, &response) {
                    Ok(true) => drop(succeeded.insert(operation.id)),
                    Ok(false) => errors += 1,
                    Err(problem) => problems.push(format!("{} {problem}", operation.id)),
                }
            }
        }
    }
    println!(
        "responses   {responses} from {} operations, including {errors} errors",
        vendored().operations().len()
    );
    let excerpt: Vec<&str> = problems.iter().take(40).map(String::as_str).collect();
    assert!(
        problems.is_empty(),
        "{} problems, including\n{}",
        problems.len(),
        excerpt.join("\n")
    );
    let without_success: Vec<&str> = vendored()
        .operations()
        .iter()
        .map(|operation| operation.id)
        .filter(|id| !succeeded.contains(id))
        .collect();
    assert_eq!(
        without_success, [""; 0],
        "operations that only returned errors"
    );
}

/// Returns whether a response is a success.
///
/// # Errors
///
/// Returns a message if the response is neither a declared success nor an error in one of the service's formats.
fn check(operation: &Operation<'static>, response: &TestResponse) -> Result<bool, String> {
    let media_type = response
        .headers
        .get("content-type")
        .map(|value| value.to_str().unwrap());
    if !(200..300).contains(&response.status) {
        return match response.status {
            404 | 409 | 410 | 422 | 429 => check_error(response).map(|()| false),
            status => Err(format!("returned {status}: {}", response.text)),
        };
    }
    let declared = operation
        .responses
        .iter()
        .filter(|declared| declared.status == response.status);
    let mut declared = declared.filter(|declared| declared.media_type == media_type);
    let Some(declared) = declared.next() else {
        return Err(format!("returned {} with {media_type:?}", response.status));
    };
    if declared.is_json() {
        let violations = vendored()
            .checker()
            .violations(&declared.schema, &response.json())
            .unwrap();
        // The service returns a null output for incomplete jobs, which the spec does not declare.
        let is_absent_output = |violation: &Violation| {
            let pointer = format!("/{}", violation.path.trim_start_matches('/'));
            pointer.ends_with("/output") && response.json().pointer(&pointer) == Some(&Value::Null)
        };
        if let Some(violation) = violations
            .iter()
            .find(|violation| !is_absent_output(violation))
        {
            return Err(format!(
                "returned {} with {violation}: {}",
                response.status, response.text
            ));
        }
    }
    Ok(true)
}

fn check_error(response: &TestResponse) -> Result<(), String> {
    let body = response.json();
    let is_valid = match &body["detail"] {
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
    if is_valid {
        Ok(())
    } else {
        Err(format!("returned {} with {body}", response.status))
    }
}

/// Parameter names with the IDs of existing resources. Null removes a parameter.
struct ExistingIds(Vec<(&'static str, Value)>);

impl ExistingIds {
    /// Creates resources in a fake.
    async fn prepare(fake: &FakeRetab) -> Self {
        let edge = json!({
            "workflow_id": "wf_abc123xyz",
            "id": "edge-1",
            "source_block": "start_document-block-1",
            "target_block": "extract-block-1",
        });
        send(fake, "POST /v1/workflows/edges", edge).await;
        let published = send(fake, "POST /v1/workflows/wf_abc123xyz/publish", Value::Null).await;
        let version = published.json()["published"]["version_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let run = json!({"workflow_id": "wf_abc123xyz"});
        send(fake, "POST /v1/workflows/runs", run).await;
        for _ in 0..2 {
            get(fake, "/v1/workflows/runs/run_000001").await;
        }
        let review =
            json!({"workflow_id": "wf_abc123xyz", "metadata": {"fake_end": "awaiting_review"}});
        send(fake, "POST /v1/workflows/runs", review).await;
        for _ in 0..2 {
            get(fake, "/v1/workflows/runs/run_000002").await;
        }
        let reviews = get(fake, "/v1/workflows/reviews").await.json();
        let review = reviews["data"][0]["id"].clone();
        let target = format!("/v1/workflows/reviews/versions?review_id={}", text(&review));
        let versions = get(fake, &target).await.json();
        let latest = versions["data"][1]["id"].clone();
        let part_version = |part: &str| json!(format!("wf_abc123xyz.{version}.{part}"));
        Self(vec![
            ("workflow_id", json!("wf_abc123xyz")),
            ("workflow_version_id", json!(version)),
            ("from_workflow_version_id", json!("ver_0000first")),
            ("to_workflow_version_id", json!(version)),
            ("block_id", json!("extract-block-1")),
            ("source_block", json!("start_document-block-1")),
            ("target_block", json!("extract-block-1")),
            ("block_version_id", part_version("extract-block-1")),
            (
                "from_block_version_id",
                json!("wf_abc123xyz.ver_0000production.extract-block-1"),
            ),
            ("to_block_version_id", part_version("extract-block-1")),
            ("edge_id", json!("edge-1")),
            ("edge_version_id", part_version("edge-1")),
            ("from_edge_version_id", part_version("edge-1")),
            ("to_edge_version_id", part_version("edge-1")),
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

    /// Inserts the IDs of existing resources into the arguments.
    ///
    /// Creates the resource if the spec declares a POST operation for it.
    async fn insert_into(
        &self,
        fake: &FakeRetab,
        operation: &Operation<'static>,
        mut arguments: Arguments,
        sampler: &mut Sampler,
    ) -> Arguments {
        for location in ["path", "query", "part", "body"] {
            let Some(values) = arguments.get_mut(location).and_then(Value::as_object_mut) else {
                continue;
            };
            for (name, id) in &self.0 {
                match (id, values.contains_key(*name)) {
                    (_, false) => {}
                    (Value::Null, true) => drop(values.remove(*name)),
                    // The metadata of a body is an object.
                    (Value::String(_), true) if *name == "metadata" && location == "body" => {}
                    (_, true) if values[*name].is_array() && *name == "documents" => {
                        values.insert((*name).to_owned(), json!([document()]));
                    }
                    (id, true) => drop(values.insert((*name).to_owned(), id.clone())),
                }
            }
        }
        if operation.id == "create_edit" {
            // An edit takes either a document or a template, which the spec does not declare.
            arguments["body"]["document"] = document();
            arguments["body"]["template_id"] = Value::Null;
        }
        if let Some(id) = self.create_parent(fake, operation, sampler).await {
            for location in ["query", "body"] {
                for name in ["run_id", "experiment_id", "template_id"] {
                    if let Some(value) = arguments
                        .get_mut(location)
                        .and_then(|values| values.get_mut(name))
                    {
                        *value = id.clone();
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

    /// Creates the experiment of an experiment run, or the completed run of a result.
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

    /// Creates a resource in a collection, unless the collection has resources initially.
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
            let opened = send(fake, "POST /v1/files/upload", body).await;
            return Some(opened.json()["fileId"].clone());
        }
        let create = vendored().find(&http::Method::POST, collection)?;
        let arguments = sampler.arguments(create, Profile::Minimal);
        let arguments = Box::pin(self.insert_into(fake, create, arguments, sampler)).await;
        let created = send_operation(fake, create, &arguments).await;
        let created: Value = serde_json::from_str(&created.text).ok()?;
        let pointers = ["/id", "/tables/0/id", "/secret/name", "/name"];
        let id = pointers.iter().find_map(|pointer| created.pointer(pointer));
        id.filter(|id| id.is_string()).cloned()
    }
}

/// Returns a valid input document.
fn document() -> Value {
    json!({"filename": "a.txt", "url": "data:text/plain;base64,YQ=="})
}

/// Returns the collection path and the item parameter of an operation on an item.
fn item_of(operation: &Operation<'static>) -> Option<(String, &'static str)> {
    let (collection, rest) = operation.path.split_once("/{")?;
    let (parameter, _) = rest.split_once('}')?;
    Some((collection.to_owned(), parameter))
}

async fn send_operation(
    fake: &FakeRetab,
    operation: &Operation<'static>,
    arguments: &Arguments,
) -> TestResponse {
    let values = |location: &str| arguments.get(location).and_then(Value::as_object).cloned();
    let mut path = operation.path.to_owned();
    for (name, value) in values("path").unwrap_or_default() {
        let text = text(&value);
        let escaped = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        path = path.replace(&format!("{{{name}}}"), &escaped);
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in values("query").unwrap_or_default() {
        match &value {
            Value::Array(values) => {
                for value in values {
                    query.append_pair(&name, &text(value));
                }
            }
            value => drop(query.append_pair(&name, &text(value))),
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
            .body(multipart_form(&parts));
    }
    execute(request).await
}

fn multipart_form(parts: &Map<String, Value>) -> String {
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
