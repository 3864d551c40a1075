//! Work on one document: extractions, parses, splits, classifications, edits, partitions and file blueprints.
//!
//! All of it goes the same way. Work that is asked for in the background is pending, queued, in progress, and then at its
//! end, a step each; other work is at its end at once. There is an output only at the end of work that is completed, and
//! not where a read asks for none.

mod kind;
mod list;
mod output;
mod work;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::files::Files;
use super::mime_data;
use super::rate_limit::RateLimit;
use super::sample::Samples;
use super::violation::Violations;
use super::workflows::nothing;
use crate::response::Response;
use kind::{Action, KINDS, Kind};
use work::{End, Work};

/// How much work of one kind there is; beyond it the oldest goes.
const MOST_WORK: usize = 5_000;

/// The media type of the lines of a stream.
const LINES: &str = "application/stream+json";

/// All work of the fake, by its kind and by the number in its id.
#[derive(Default)]
pub(crate) struct Background {
    works: BTreeMap<(&'static str, usize), Work>,
    /// How much work there ever was, so that no id comes twice.
    count: usize,
    pub(crate) rate_limit: RateLimit,
}

impl Background {
    pub(crate) fn answer(
        &mut self,
        call: &Call<'_>,
        files: &mut Files,
        samples: &Samples,
    ) -> Option<Response> {
        let (kind, action) = KINDS
            .iter()
            .find_map(|kind| Some((kind, kind.action(call.operation)?)))?;
        let answer = match action {
            Action::Create => self.create(kind, call, files, samples),
            Action::Get => self.get(kind, call),
            Action::List => self.list(kind, call),
            Action::Cancel => self.cancel(kind, call),
            Action::Delete => self.delete(kind, call),
            Action::Sources => self.sources(kind, call, samples),
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn create(
        &mut self,
        kind: &'static Kind,
        call: &Call<'_>,
        files: &mut Files,
        samples: &Samples,
    ) -> Result<Response, Response> {
        if kind.is_limited {
            self.rate_limit.take(kind.prefix, call.now)?;
        }
        let body = call.body();
        let file = file(body, call, files)?;
        let end = end(body, &file)?;
        self.count += 1;
        let number = self.count;
        let in_background = body["background"] == true;
        let work = Work::new(
            kind.resource(number, file, call, samples),
            end,
            in_background,
            call,
        );
        let created = work.document(call.now, call.pace, true);
        self.works.insert((kind.prefix, number), work);
        self.forget_the_oldest(kind);
        if call.operation == "create_extraction_stream" || body["stream"] == true {
            return Ok(lines(&created));
        }
        let status = match kind.accepted {
            Some(accepted) if in_background => accepted,
            _ => 201,
        };
        Ok(Response::json(status, &created))
    }

    fn get(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let work = self.work(kind, call)?;
        work.read(call);
        let with_output = call.query("include_output") != Some(&json!(false));
        let document = work.document(call.now, call.pace, with_output);
        Ok(Response::json(200, &document))
    }

    fn list(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let works = self
            .works
            .range((kind.prefix, 0)..=(kind.prefix, usize::MAX));
        let documents = works.map(|(_, work)| work.document(call.now, call.pace, true));
        list::page_of(call, documents.collect())
    }

    /// Work that has ended stays as it is.
    fn cancel(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let work = self.work(kind, call)?;
        work.cancel(call);
        Ok(Response::json(
            200,
            &work.document(call.now, call.pace, true),
        ))
    }

    fn delete(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let id = call.path(kind.id);
        let number = kind.number(id).ok_or_else(|| nothing(kind.name))?;
        let deleted = self.works.remove(&(kind.prefix, number));
        deleted.ok_or_else(|| nothing(kind.name))?;
        Ok(Response::empty(204))
    }

    /// Where in the document each value of an extraction comes from.
    fn sources(
        &mut self,
        kind: &Kind,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let work = self.work(kind, call)?;
        let extraction = work.document(call.now, call.pace, true);
        if extraction["status"] != "completed" {
            let message = "There are no sources before the extraction is completed";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "extraction_not_completed",
                message,
            ));
        }
        let mut sources = samples.of(call.operation, 200);
        sources["extraction_id"] = extraction["id"].clone();
        sources["document_type"] = json!(list::document_type(&extraction));
        sources["file"] = extraction["file"].clone();
        sources["extraction"] = extraction["output"].clone();
        Ok(Response::json(200, &sources))
    }

    fn work(&mut self, kind: &Kind, call: &Call<'_>) -> Result<&mut Work, Response> {
        let number = kind.number(call.path(kind.id));
        let work = number.and_then(|number| self.works.get_mut(&(kind.prefix, number)));
        work.ok_or_else(|| nothing(kind.name))
    }

    fn forget_the_oldest(&mut self, kind: &Kind) {
        let of_kind = || (kind.prefix, 0)..=(kind.prefix, usize::MAX);
        if self.works.range(of_kind()).count() > MOST_WORK
            && let Some(oldest) = self.works.range(of_kind()).next().map(|(key, _)| *key)
        {
            self.works.remove(&oldest);
        }
    }
}

/// The file that a request is about: a document that it has, or one that is stored.
fn file(body: &Value, call: &Call<'_>, files: &mut Files) -> Result<Value, Response> {
    if let Some(id) = body["file_id"].as_str() {
        return files.reference(id).ok_or_else(|| nothing("file"));
    }
    if body["document"].is_null() {
        // An edit of a template, which has a document of its own.
        let template = body["template_id"].as_str().unwrap_or_default();
        if template.is_empty() {
            let mut violations = Violations::default();
            let message = "A document or a template is required";
            violations.add(&["body", "document"], message, "missing");
            return Err(violations.into_answer());
        }
        let name = format!("{template}.pdf");
        return Ok(json!({"id": template, "filename": name, "mime_type": "application/pdf"}));
    }
    let mut violations = Violations::default();
    let document = mime_data::check(
        &["body", "document"],
        &body["document"],
        files,
        &mut violations,
    );
    match (document, violations.into_refusal()) {
        (_, Some(refusal)) => Err(refusal),
        (Some(document), None) => Ok(document.stored(files, call.now)),
        (None, None) => Err(nothing("file")),
    }
}

/// How the work is asked to end: by `fake_end` in its metadata, else by the name of its file, as in
/// `invoice.fake_end=failed.pdf`.
fn end(body: &Value, file: &Value) -> Result<End, Response> {
    if let Some(asked) = body["metadata"].get("fake_end") {
        return End::of(asked.as_str().unwrap_or_default()).ok_or_else(|| {
            let mut violations = Violations::default();
            let message = "Input should be one of completed, failed, cancelled";
            violations.add(&["body", "metadata", "fake_end"], message, "enum");
            violations.into_answer()
        });
    }
    let name = file["filename"].as_str().unwrap_or_default();
    let asked = name.split_once("fake_end=").map(|(_, rest)| rest);
    let asked = asked.and_then(|rest| rest.split('.').next());
    Ok(asked.and_then(End::of).unwrap_or(End::Completed))
}

/// An extraction as it comes to be: a line each time that its output has one more value.
fn lines(extraction: &Value) -> Response {
    let whole = extraction["output"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let line = |document: &Value| Bytes::from(format!("{document}\n"));
    let mut partial = extraction.clone();
    partial["status"] = json!("in_progress");
    let mut output = Map::new();
    let mut pieces = Vec::with_capacity(whole.len() + 1);
    for (name, value) in whole {
        partial["output"] = Value::Object(output.clone());
        pieces.push(line(&partial));
        output.insert(name, value);
    }
    pieces.push(line(extraction));
    Response::chunked(200, LINES, pieces)
}
