//! The job store and the job operations.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::job::{Job, Outcome};
use super::kind::{Action, KINDS, Kind};
use super::list;
use crate::response::Response;
use crate::service::document;
use crate::service::files::Files;
use crate::service::not_found::not_found;
use crate::service::rate_limit::RateLimit;
use crate::service::request::Request;
use crate::service::sample::Samples;
use crate::service::violation::Violations;

/// The maximum number of jobs per kind. The oldest job is dropped first.
const MAX_JOBS: usize = 5_000;

/// The media type of a streamed extraction.
const STREAM_MEDIA_TYPE: &str = "application/stream+json";

/// The jobs of the fake, by the ID prefix of their kind and the number in their ID.
#[derive(Default)]
pub(crate) struct Background {
    jobs: BTreeMap<(&'static str, usize), Job>,
    /// The number of jobs created so far, from which IDs are derived.
    count: usize,
    pub(crate) rate_limit: RateLimit,
}

impl Background {
    pub(crate) fn handle(
        &mut self,
        request: &Request,
        files: &mut Files,
        samples: &Samples,
    ) -> Option<Response> {
        let (kind, action) = KINDS
            .iter()
            .find_map(|kind| Some((kind, kind.action(request.operation)?)))?;
        let response = match action {
            Action::Create => self.create(kind, request, files, samples),
            Action::Get => self.get(kind, request),
            Action::List => self.list(kind, request),
            Action::Cancel => self.cancel(kind, request),
            Action::Delete => self.delete(kind, request),
            Action::Sources => self.sources(kind, request, samples),
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn create(
        &mut self,
        kind: &'static Kind,
        request: &Request,
        files: &mut Files,
        samples: &Samples,
    ) -> Result<Response, Response> {
        if kind.is_rate_limited {
            self.rate_limit.take(kind.prefix, request.now)?;
        }
        let body = request.body();
        let file = input_file(body, request, files)?;
        let outcome = outcome(body, &file)?;
        self.count += 1;
        let number = self.count;
        let in_background = body["background"] == true;
        let job = Job::new(
            kind.completed_job(number, file, request, samples),
            outcome,
            in_background,
            request,
        );
        let created = job.to_json(request.now, request.pace, true);
        self.jobs.insert((kind.prefix, number), job);
        self.evict_oldest(kind);
        if request.operation == "create_extraction_stream" || body["stream"] == true {
            return Ok(stream(&created));
        }
        let status = match kind.background_status {
            Some(status) if in_background => status,
            _ => 201,
        };
        Ok(Response::json(status, &created))
    }

    fn get(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let job = self.job(kind, request)?;
        job.advance_on_read(request);
        let with_output = request.query("include_output") != Some(&json!(false));
        let job = job.to_json(request.now, request.pace, with_output);
        Ok(Response::json(200, &job))
    }

    fn list(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let jobs = self
            .jobs
            .range((kind.prefix, 0)..=(kind.prefix, usize::MAX));
        let jobs = jobs.map(|(_, job)| job.to_json(request.now, request.pace, true));
        list::page_of(request, jobs.collect())
    }

    /// Cancels a job. Has no effect on a job that has ended.
    fn cancel(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let job = self.job(kind, request)?;
        job.cancel(request);
        Ok(Response::json(
            200,
            &job.to_json(request.now, request.pace, true),
        ))
    }

    fn delete(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let id = request.path(kind.id_parameter);
        let number = kind.parse_id(id).ok_or_else(|| not_found(kind.name))?;
        let deleted = self.jobs.remove(&(kind.prefix, number));
        deleted.ok_or_else(|| not_found(kind.name))?;
        Ok(Response::empty(204))
    }

    /// Returns the locations in the document from which an extraction took its values.
    fn sources(
        &mut self,
        kind: &Kind,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let job = self.job(kind, request)?;
        let extraction = job.to_json(request.now, request.pace, true);
        if extraction["status"] != "completed" {
            let message = "Sources are available only after the extraction has completed";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "extraction_not_completed",
                message,
            ));
        }
        let mut sources = samples.body(request.operation, 200);
        sources["extraction_id"] = extraction["id"].clone();
        sources["document_type"] = json!(list::document_type(&extraction));
        sources["file"] = extraction["file"].clone();
        sources["extraction"] = extraction["output"].clone();
        Ok(Response::json(200, &sources))
    }

    fn job(&mut self, kind: &Kind, request: &Request) -> Result<&mut Job, Response> {
        let number = kind.parse_id(request.path(kind.id_parameter));
        let job = number.and_then(|number| self.jobs.get_mut(&(kind.prefix, number)));
        job.ok_or_else(|| not_found(kind.name))
    }

    fn evict_oldest(&mut self, kind: &Kind) {
        let of_kind = || (kind.prefix, 0)..=(kind.prefix, usize::MAX);
        if self.jobs.range(of_kind()).count() > MAX_JOBS
            && let Some(oldest) = self.jobs.range(of_kind()).next().map(|(key, _)| *key)
        {
            self.jobs.remove(&oldest);
        }
    }
}

/// Returns a reference to the input file of a request: an uploaded file, an inline document or a template.
fn input_file(body: &Value, request: &Request, files: &mut Files) -> Result<Value, Response> {
    if let Some(id) = body["file_id"].as_str() {
        return files.reference(id).ok_or_else(|| not_found("file"));
    }
    if body["document"].is_null() {
        // Edits can use a template in place of a document.
        let template = body["template_id"].as_str().unwrap_or_default();
        if template.is_empty() {
            let mut violations = Violations::default();
            let message = "A document or a template is required";
            violations.add(&["body", "document"], message, "missing");
            return Err(violations.into_response());
        }
        let name = format!("{template}.pdf");
        return Ok(json!({"id": template, "filename": name, "mime_type": "application/pdf"}));
    }
    let mut violations = Violations::default();
    let document = document::check(
        &["body", "document"],
        &body["document"],
        files,
        &mut violations,
    );
    match (document, violations.into_error()) {
        (_, Some(error)) => Err(error),
        (Some(document), None) => Ok(document.store(files, request.now)),
        (None, None) => Err(not_found("file")),
    }
}

/// Returns the outcome requested by `fake_end` in the metadata, or else by the file name, as in
/// `invoice.fake_end=failed.pdf`.
fn outcome(body: &Value, file: &Value) -> Result<Outcome, Response> {
    if let Some(name) = body["metadata"].get("fake_end") {
        return Outcome::from_name(name.as_str().unwrap_or_default()).ok_or_else(|| {
            let mut violations = Violations::default();
            let message = "Input should be one of completed, failed, cancelled";
            violations.add(&["body", "metadata", "fake_end"], message, "enum");
            violations.into_response()
        });
    }
    let file_name = file["filename"].as_str().unwrap_or_default();
    let name = file_name.split_once("fake_end=").map(|(_, rest)| rest);
    let name = name.and_then(|rest| rest.split('.').next());
    let outcome = name.and_then(Outcome::from_name);
    Ok(outcome.unwrap_or(Outcome::Completed))
}

/// Returns an extraction as a stream of JSON lines, each with one more output value than the line before.
fn stream(extraction: &Value) -> Response {
    let complete = extraction["output"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let line = |extraction: &Value| Bytes::from(format!("{extraction}\n"));
    let mut partial = extraction.clone();
    partial["status"] = json!("in_progress");
    let mut output = Map::new();
    let mut chunks = Vec::with_capacity(complete.len() + 1);
    for (name, value) in complete {
        partial["output"] = Value::Object(output.clone());
        chunks.push(line(&partial));
        output.insert(name, value);
    }
    chunks.push(line(extraction));
    Response::chunked(200, STREAM_MEDIA_TYPE, chunks)
}
