//! The file store and the file operations.

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::file::{File, StoredContent, UNKNOWN_MEDIA_TYPE, upload_token};
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;
use crate::service::violation::Violations;

/// The maximum size of a file whose content is stored. Only the size and hash of larger files are stored.
pub(crate) const MAX_STORED_FILE_SIZE: usize = 64 * 1024 * 1024;

/// The maximum total size of all stored content. The content of the oldest files is dropped first.
const MAX_STORED_BYTES: usize = 256 * 1024 * 1024;

/// The maximum number of files. The oldest file is dropped first.
const MAX_FILES: usize = if cfg!(test) { 200 } else { 20_000 };

/// The lifetime of upload sessions and presigned download URLs.
const LIFETIME: TimeDelta = TimeDelta::minutes(60);

/// The base URL of stored files in `MIMEData`. Clients pass these URLs on without requesting them.
const OPAQUE_BASE_URL: &str = "https://storage.retab.example/";

/// The placeholder for the signature of a presigned URL.
pub(crate) const SIGNATURE: &str = "SIGNATURE";

/// The files and the upload sessions of the fake.
#[derive(Default)]
pub(crate) struct Files {
    /// The base URL of the object storage.
    pub(crate) storage: String,
    by_id: BTreeMap<String, File>,
    /// File IDs, oldest first.
    order: VecDeque<String>,
    stored_bytes: usize,
    overrides: Overrides,
    /// File IDs by the download URLs that tests have set.
    custom_urls: HashMap<String, String>,
    /// The number of IDs assigned to uploads.
    uploads: usize,
    /// The number of IDs assigned to documents received by runs and jobs.
    inputs: usize,
}

/// Settings of a test for the next upload session or download URL.
#[derive(Default)]
pub(crate) struct Overrides {
    pub(crate) expires: bool,
    pub(crate) is_corrupted: bool,
    pub(crate) upload_url: Option<String>,
    pub(crate) download_url: Option<String>,
}

impl Files {
    /// Returns the settings for the next upload session or download URL.
    pub(crate) fn overrides(&mut self) -> &mut Overrides {
        &mut self.overrides
    }

    /// Adds a complete file and returns its ID.
    pub(crate) fn add(&mut self, name: &str, content: Bytes, now: DateTime<Utc>) -> String {
        let id = self.new_id();
        self.insert(id, File::complete(name, content, now))
    }

    /// Returns a file, whether or not its upload is complete.
    pub(crate) fn file(&mut self, id: &str) -> Option<&mut File> {
        self.by_id.get_mut(id)
    }

    /// Stores the content received for a file.
    pub(crate) fn store(&mut self, id: &str, content: StoredContent) {
        let Some(file) = self.by_id.get_mut(id) else {
            return;
        };
        let content = if file.is_corrupted {
            content.corrupted()
        } else {
            content
        };
        self.stored_bytes += content.stored_bytes();
        let previous = file.content.replace(content);
        self.stored_bytes -= previous.map_or(0, |previous| previous.stored_bytes());
        self.evict_content();
    }

    /// Returns the ID of the complete file that a URL refers to.
    pub(crate) fn id_of(&self, url: &str) -> Option<&str> {
        let download_url = format!("{}/download/", self.storage);
        let rest = url
            .strip_prefix(OPAQUE_BASE_URL)
            .or_else(|| url.strip_prefix(&download_url));
        let id = match rest.and_then(|rest| rest.split_once('?')) {
            Some((id, query)) if query.ends_with(SIGNATURE) => id,
            _ => self.custom_urls.get(url)?,
        };
        let (id, file) = self.by_id.get_key_value(id)?;
        file.is_complete.then_some(id.as_str())
    }

    /// Returns the ID of the file at `url`, adding the file if the URL is unknown.
    pub(crate) fn input(&mut self, url: &str, file: impl FnOnce() -> File) -> String {
        if let Some(id) = self.id_of(url) {
            return id.to_owned();
        }
        self.inputs += 1;
        let id = format!("file_input_{:06}", self.inputs);
        self.insert(id, file())
    }

    /// Returns the service's reference to a complete file.
    pub(crate) fn reference(&self, id: &str) -> Option<Value> {
        let file = self.complete_file(id).ok()?.to_json(id);
        let mime_type = file["mime_type"].as_str().unwrap_or(UNKNOWN_MEDIA_TYPE);
        Some(json!({"id": id, "filename": file["filename"], "mime_type": mime_type}))
    }

    pub(crate) fn handle(&mut self, request: &Request) -> Option<Response> {
        let response = match request.operation {
            "upload_file" => self.open_upload(request),
            "complete_upload_file" => self.complete_upload(request),
            "download_link" => self.download_link(request),
            "get_file" => self.get(request),
            "list_files" => Ok(self.list(request)),
            _ => return None,
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn open_upload(&mut self, request: &Request) -> Result<Response, Response> {
        let body = request.body();
        let name = body["filename"].as_str().unwrap_or_default();
        if name.contains(['/', '\\']) {
            let mut violations = Violations::default();
            let message = "A file name without path separators is required";
            violations.add(&["body", "filename"], message, "value_error");
            return Err(violations.into_response());
        }
        let overrides = std::mem::take(&mut self.overrides);
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        let session = File {
            name: name.to_owned(),
            content_type: text("content_type"),
            size: body["size_bytes"].as_u64().unwrap_or_default(),
            sha256: text("sha256"),
            content: None,
            is_complete: false,
            is_corrupted: overrides.is_corrupted,
            expires_at: request
                .now
                .checked_add_signed(LIFETIME)
                .unwrap_or(request.now),
            is_expired: overrides.expires,
            created_at: request.now,
        };
        let id = self.new_id();
        let mut headers = json!({ "x-upload-token": upload_token(&id) });
        if let Some(content_type) = &session.content_type {
            headers["content-type"] = json!(content_type);
        }
        let default_url = || format!("{}/upload/{id}?signature={SIGNATURE}", self.storage);
        let response = json!({
            "fileId": id,
            "uploadUrl": overrides.upload_url.unwrap_or_else(default_url),
            "uploadMethod": "PUT",
            "uploadHeaders": headers,
            "expiresAt": timestamp::format(session.expires_at),
        });
        self.insert(id, session);
        Ok(Response::json(200, &response))
    }

    /// Completes an upload. Repeating the request returns the same response.
    fn complete_upload(&mut self, request: &Request) -> Result<Response, Response> {
        let id = request.path("file_id");
        let file = self.by_id.get_mut(id).ok_or_else(|| not_found("file"))?;
        if !file.is_complete && file.is_expired(request.now) {
            let message = "The upload session has expired";
            return Err(Response::coded(
                StatusCode::GONE,
                "upload_session_expired",
                message,
            ));
        }
        file.check(request.body()["sha256"].as_str())?;
        file.is_complete = true;
        Ok(Response::json(200, &mime_data(id, file)))
    }

    fn download_link(&mut self, request: &Request) -> Result<Response, Response> {
        let id = request.path("file_id");
        let file = self.complete_file(id)?;
        let (name, mime_data) = (file.name.clone(), mime_data(id, file));
        let expires = request
            .now
            .checked_add_signed(LIFETIME)
            .unwrap_or(request.now)
            .timestamp();
        let url = match self.overrides.download_url.take() {
            Some(url) => {
                self.custom_urls.insert(url.clone(), id.to_owned());
                url
            }
            None => {
                format!(
                    "{}/download/{id}?expires={expires}&signature={SIGNATURE}",
                    self.storage
                )
            }
        };
        let response = json!({
            "download_url": url,
            "expires_in": "60 minutes",
            "filename": name,
            "mime_data": mime_data,
        });
        Ok(Response::json(200, &response))
    }

    fn get(&self, request: &Request) -> Result<Response, Response> {
        let id = request.path("file_id");
        Ok(Response::json(200, &self.complete_file(id)?.to_json(id)))
    }

    fn list(&self, request: &Request) -> Response {
        let all = self.order.iter();
        let complete = all.filter_map(|id| Some((id, self.complete_file(id).ok()?)));
        let mut files: Vec<Value> = complete.map(|(id, file)| file.to_json(id)).collect();
        for name in ["filename", "mime_type"] {
            if let Some(expected) = request.query_text(name) {
                files.retain(|file| file[name] == expected);
            }
        }
        match timestamp::retain_within(request, &mut files, "/created_at") {
            Ok(()) => page(request, files, "id"),
            Err(error) => error,
        }
    }

    fn complete_file(&self, id: &str) -> Result<&File, Response> {
        let file = self.by_id.get(id).filter(|file| file.is_complete);
        file.ok_or_else(|| not_found("file"))
    }

    fn new_id(&mut self) -> String {
        self.uploads += 1;
        format!("file_{:06}", self.uploads)
    }

    fn insert(&mut self, id: String, file: File) -> String {
        self.stored_bytes += file.content.as_ref().map_or(0, StoredContent::stored_bytes);
        self.by_id.insert(id.clone(), file);
        self.order.push_back(id.clone());
        if self.order.len() > MAX_FILES
            && let Some(oldest) = self.order.pop_front()
            && let Some(file) = self.by_id.remove(&oldest)
        {
            self.stored_bytes -= file.content.map_or(0, |content| content.stored_bytes());
        }
        self.evict_content();
        id
    }

    /// Drops the content of the oldest files until the total size is within the limit.
    fn evict_content(&mut self) {
        for id in &self.order {
            if self.stored_bytes <= MAX_STORED_BYTES {
                return;
            }
            if let Some(content) = self
                .by_id
                .get_mut(id)
                .and_then(|file| file.content.as_mut())
            {
                self.stored_bytes -= content.stored_bytes();
                content.bytes = None;
            }
        }
    }
}

/// Returns the reference that clients send in requests.
fn mime_data(id: &str, file: &File) -> Value {
    let url = format!("{OPAQUE_BASE_URL}{id}?signature={SIGNATURE}");
    json!({ "filename": file.name, "url": url })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::START;

    #[test]
    fn drops_content_of_oldest_files_first() {
        let mut files = Files::default();
        let content = || Bytes::from(vec![1; MAX_STORED_BYTES / 4]);
        let ids: Vec<String> = (0..6)
            .map(|_| files.add("a.bin", content(), START))
            .collect();
        let has_content = |files: &mut Files, id: &str| {
            let content = files.file(id).unwrap().content.as_ref().unwrap();
            assert_eq!(content.size, (MAX_STORED_BYTES / 4) as u64);
            content.bytes.is_some()
        };
        let has_content: Vec<bool> = ids.iter().map(|id| has_content(&mut files, id)).collect();
        assert_eq!(has_content, [false, false, true, true, true, true]);
    }

    #[test]
    fn limits_number_of_files() {
        let mut files = Files::default();
        for _ in 0..=MAX_FILES {
            files.add("a", Bytes::new(), START);
        }
        assert_eq!(files.by_id.len(), MAX_FILES);
        assert!(files.file("file_000001").is_none());
    }
}
