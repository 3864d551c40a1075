//! Files: upload sessions, their completion, what is listed of them, and links to download.

mod file;

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::mime_data;
use super::pages::page;
use super::time;
use super::violation::Violations;
use crate::response::Response;
pub(crate) use file::{File, Stored, token};

/// How much of one file is kept; of a larger one, its size and its hash.
pub(crate) const MOST_KEPT_OF_A_FILE: usize = 64 * 1024 * 1024;

/// How much is kept of all files; beyond it the content of the oldest goes.
const MOST_KEPT: usize = 256 * 1024 * 1024;

/// How many files there are; beyond it the oldest goes.
const MOST_FILES: usize = if cfg!(test) { 200 } else { 20_000 };

/// How long an upload session and a link are good for.
const LIFETIME: TimeDelta = TimeDelta::minutes(60);

/// Where a stored document is, as clients see it: an address that they pass on and do not read.
const OPAQUE: &str = "https://storage.retab.example/";

/// What stands for the signature of an address.
pub(crate) const SIGNATURE: &str = "SIGNATURE";

/// The files and the upload sessions of the fake.
#[derive(Default)]
pub(crate) struct Files {
    /// Where the storage answers: scheme, host and port.
    pub(crate) storage: String,
    by_id: BTreeMap<String, File>,
    /// The oldest first.
    order: VecDeque<String>,
    kept: usize,
    /// What the next sessions have that others do not.
    next: Next,
    /// The file of every address that a test has named.
    named_by_tests: HashMap<String, String>,
    /// How many files there ever were, and how many of them runs were given that were not stored before.
    uploads: usize,
    inputs: usize,
}

/// What a test has asked for, for the next session or link.
#[derive(Default)]
pub(crate) struct Next {
    pub(crate) expires: bool,
    pub(crate) is_corrupted: bool,
    pub(crate) upload_url: Option<String>,
    pub(crate) download_url: Option<String>,
}

impl Files {
    /// What the next session or link has.
    pub(crate) fn next(&mut self) -> &mut Next {
        &mut self.next
    }

    /// Adds a file as if it had been uploaded.
    pub(crate) fn add(&mut self, name: &str, content: Bytes, now: DateTime<Utc>) -> String {
        let id = self.new_id();
        self.insert(id, File::stored(name, content, now))
    }

    /// The file of this id, be it complete or not.
    pub(crate) fn file(&mut self, id: &str) -> Option<&mut File> {
        self.by_id.get_mut(id)
    }

    /// Keeps what the storage got for a file.
    pub(crate) fn store(&mut self, id: &str, stored: Stored) {
        let Some(file) = self.by_id.get_mut(id) else {
            return;
        };
        let stored = if file.is_corrupted {
            stored.corrupted()
        } else {
            stored
        };
        self.kept += stored.kept();
        let before = file.content.replace(stored);
        self.kept -= before.map_or(0, |before| before.kept());
        self.forget_the_oldest();
    }

    /// The id of the file that has this address.
    pub(crate) fn id_of(&self, url: &str) -> Option<&str> {
        let own = format!("{}/download/", self.storage);
        let rest = url.strip_prefix(OPAQUE).or_else(|| url.strip_prefix(&own));
        let id = match rest.and_then(|rest| rest.split_once('?')) {
            Some((id, query)) if query.ends_with(SIGNATURE) => id,
            _ => self.named_by_tests.get(url)?,
        };
        let (id, file) = self.by_id.get_key_value(id)?;
        file.is_complete.then_some(id.as_str())
    }

    /// The id of a file that a run is given by this URL. One that was not stored before is from now on.
    pub(crate) fn input(&mut self, url: &str, file: impl FnOnce() -> File) -> String {
        if let Some(id) = self.id_of(url) {
            return id.to_owned();
        }
        self.inputs += 1;
        let id = format!("file_input_{:06}", self.inputs);
        self.insert(id, file())
    }

    /// How the service refers to a file that is complete.
    pub(crate) fn reference(&self, id: &str) -> Option<Value> {
        let file = self.complete_file(id).ok()?.document(id);
        let mime_type = file["mime_type"].as_str().unwrap_or(mime_data::UNKNOWN);
        Some(json!({"id": id, "filename": file["filename"], "mime_type": mime_type}))
    }

    pub(crate) fn answer(&mut self, call: &Call<'_>) -> Option<Response> {
        let answer = match call.operation {
            "upload_file" => self.open(call),
            "complete_upload_file" => self.complete(call),
            "download_link" => self.link(call),
            "get_file" => self.get(call),
            "list_files" => Ok(self.list(call)),
            _ => return None,
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn open(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let body = call.body();
        let name = body["filename"].as_str().unwrap_or_default();
        if name.contains(['/', '\\']) {
            let mut violations = Violations::default();
            let message = "A file name without folders is required";
            violations.add(&["body", "filename"], message, "value_error");
            return Err(violations.into_answer());
        }
        let next = std::mem::take(&mut self.next);
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        let session = File {
            name: name.to_owned(),
            content_type: text("content_type"),
            size: body["size_bytes"].as_u64().unwrap_or_default(),
            sha256: text("sha256"),
            content: None,
            is_complete: false,
            is_corrupted: next.is_corrupted,
            expires_at: call.now.checked_add_signed(LIFETIME).unwrap_or(call.now),
            has_expired: next.expires,
            created_at: call.now,
        };
        let id = self.new_id();
        let mut headers = json!({ "x-upload-token": token(&id) });
        if let Some(content_type) = &session.content_type {
            headers["content-type"] = json!(content_type);
        }
        let own_url = || format!("{}/upload/{id}?signature={SIGNATURE}", self.storage);
        let answer = json!({
            "fileId": id,
            "uploadUrl": next.upload_url.unwrap_or_else(own_url),
            "uploadMethod": "PUT",
            "uploadHeaders": headers,
            "expiresAt": time::text(session.expires_at),
        });
        self.insert(id, session);
        Ok(Response::json(200, &answer))
    }

    /// The same completion again gives the same answer.
    fn complete(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let id = call.path("file_id");
        let file = self.by_id.get_mut(id).ok_or_else(unknown)?;
        if !file.is_complete && file.is_late(call.now) {
            let message = "The upload session has expired";
            return Err(Response::coded(
                StatusCode::GONE,
                "upload_session_expired",
                message,
            ));
        }
        file.check(call.body()["sha256"].as_str())?;
        file.is_complete = true;
        Ok(Response::json(200, &mime_data(id, file)))
    }

    fn link(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let id = call.path("file_id");
        let file = self.complete_file(id)?;
        let (name, mime_data) = (file.name.clone(), mime_data(id, file));
        let expires = call
            .now
            .checked_add_signed(LIFETIME)
            .unwrap_or(call.now)
            .timestamp();
        let url = match self.next.download_url.take() {
            Some(url) => {
                self.named_by_tests.insert(url.clone(), id.to_owned());
                url
            }
            None => {
                format!(
                    "{}/download/{id}?expires={expires}&signature={SIGNATURE}",
                    self.storage
                )
            }
        };
        let answer = json!({
            "download_url": url,
            "expires_in": "60 minutes",
            "filename": name,
            "mime_data": mime_data,
        });
        Ok(Response::json(200, &answer))
    }

    fn get(&self, call: &Call<'_>) -> Result<Response, Response> {
        let id = call.path("file_id");
        Ok(Response::json(200, &self.complete_file(id)?.document(id)))
    }

    fn list(&self, call: &Call<'_>) -> Response {
        let all = self.order.iter();
        let complete = all.filter_map(|id| Some((id, self.complete_file(id).ok()?)));
        let mut documents: Vec<Value> = complete.map(|(id, file)| file.document(id)).collect();
        for name in ["filename", "mime_type"] {
            if let Some(wanted) = call.query_text(name) {
                documents.retain(|file| file[name] == wanted);
            }
        }
        match time::within(call, &mut documents, "/created_at") {
            Ok(()) => page(call, documents, "id"),
            Err(refusal) => refusal,
        }
    }

    fn complete_file(&self, id: &str) -> Result<&File, Response> {
        let file = self.by_id.get(id).filter(|file| file.is_complete);
        file.ok_or_else(unknown)
    }

    fn new_id(&mut self) -> String {
        self.uploads += 1;
        format!("file_{:06}", self.uploads)
    }

    fn insert(&mut self, id: String, file: File) -> String {
        self.kept += file.content.as_ref().map_or(0, Stored::kept);
        self.by_id.insert(id.clone(), file);
        self.order.push_back(id.clone());
        if self.order.len() > MOST_FILES
            && let Some(oldest) = self.order.pop_front()
            && let Some(file) = self.by_id.remove(&oldest)
        {
            self.kept -= file.content.map_or(0, |content| content.kept());
        }
        self.forget_the_oldest();
        id
    }

    /// Lets the content of the oldest files go, until what is kept is not too much.
    fn forget_the_oldest(&mut self) {
        for id in &self.order {
            if self.kept <= MOST_KEPT {
                return;
            }
            if let Some(stored) = self
                .by_id
                .get_mut(id)
                .and_then(|file| file.content.as_mut())
            {
                self.kept -= stored.kept();
                stored.content = None;
            }
        }
    }
}

/// How a request refers to the file.
fn mime_data(id: &str, file: &File) -> Value {
    let url = format!("{OPAQUE}{id}?signature={SIGNATURE}");
    json!({ "filename": file.name, "url": url })
}

fn unknown() -> Response {
    let message = "There is no file of this id";
    Response::coded(StatusCode::NOT_FOUND, "file_not_found", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::START;

    #[test]
    fn what_is_kept_is_bounded_and_the_oldest_goes_first() {
        let mut files = Files::default();
        let part = || Bytes::from(vec![1; MOST_KEPT / 4]);
        let ids: Vec<String> = (0..6).map(|_| files.add("a.bin", part(), START)).collect();
        let has_content = |files: &mut Files, id: &str| {
            let stored = files.file(id).unwrap().content.as_ref().unwrap();
            assert_eq!(stored.size, (MOST_KEPT / 4) as u64);
            stored.content.is_some()
        };
        let kept: Vec<bool> = ids.iter().map(|id| has_content(&mut files, id)).collect();
        assert_eq!(kept, [false, false, true, true, true, true]);
    }

    #[test]
    fn files_are_bounded_as_well() {
        let mut files = Files::default();
        for _ in 0..=MOST_FILES {
            files.add("a", Bytes::new(), START);
        }
        assert_eq!(files.by_id.len(), MOST_FILES);
        assert!(files.file("file_000001").is_none());
    }
}
