//! Files: upload sessions, their completion, and links to download.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::sha256;
use crate::answer::Answer;
use crate::received::Received;

/// The files and the upload sessions of the fake.
#[derive(Default)]
pub(crate) struct Files {
    /// Where the storage answers: scheme, host and port.
    pub(crate) storage: String,
    by_id: BTreeMap<String, File>,
    /// What the next sessions have that others do not.
    next: Next,
    /// The file of every address that was given out.
    given_out: HashMap<String, String>,
    /// How many files runs were given that were not stored before.
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

/// A file, which is none yet while its upload is not complete.
pub(crate) struct File {
    name: String,
    content_type: Option<String>,
    size: u64,
    pub(crate) content: Option<Bytes>,
    pub(crate) is_complete: bool,
    pub(crate) is_corrupted: bool,
    expires: bool,
}

impl Files {
    /// What the next session or link has.
    pub(crate) fn next(&mut self) -> &mut Next {
        &mut self.next
    }

    /// Adds a file as if it had been uploaded.
    pub(crate) fn add(&mut self, name: &str, content: Bytes) -> String {
        self.insert(File::stored(name, content))
    }

    /// The file of this id, be it complete or not.
    pub(crate) fn file(&mut self, id: &str) -> Option<&mut File> {
        self.by_id.get_mut(id)
    }

    /// Whether a request may refer to a document by this URL.
    pub(crate) fn knows(&self, url: &str) -> bool {
        self.given_out.contains_key(url)
    }

    /// The id of a file that a run is given by this URL. One that was not stored before is from now on, by its name: what
    /// the storage has of it is empty.
    pub(crate) fn input(&mut self, name: &str, url: &str) -> String {
        if let Some(id) = self.given_out.get(url) {
            return id.clone();
        }
        self.inputs += 1;
        let id = format!("file_input_{:06}", self.inputs);
        self.by_id
            .insert(id.clone(), File::stored(name, Bytes::new()));
        id
    }

    /// `POST /v1/files/upload`
    pub(crate) fn open(&mut self, request: &Received) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let (Some(name), Some(size)) = (body["filename"].as_str(), body["size_bytes"].as_u64())
        else {
            return invalid("filename and size_bytes are required");
        };
        if name.is_empty() || name.contains(['/', '\\']) {
            return invalid("A file name without folders is required");
        }
        let next = std::mem::take(&mut self.next);
        let content_type = body["content_type"].as_str().map(ToOwned::to_owned);
        let id = self.insert(File {
            name: name.to_owned(),
            content_type: content_type.clone(),
            size,
            content: None,
            is_complete: false,
            is_corrupted: next.is_corrupted,
            expires: next.expires,
        });
        let own_url = || format!("{}/upload/{id}?signature=SIGNATURE", self.storage);
        let mut headers = json!({ "x-upload-token": token(&id) });
        if let Some(content_type) = content_type {
            headers["content-type"] = content_type.into();
        }
        let answer = json!({
            "fileId": id,
            "uploadUrl": next.upload_url.unwrap_or_else(own_url),
            "uploadMethod": "PUT",
            "uploadHeaders": headers,
            "expiresAt": "2026-03-09T11:30:00Z",
        });
        Answer::json(200, &answer)
    }

    /// `POST /v1/files/upload/{id}/complete`; the same completion again gives the same answer.
    pub(crate) fn complete(&mut self, id: &str, request: &Received) -> Answer {
        let Some(file) = self.by_id.get_mut(id) else {
            return unknown();
        };
        if file.expires {
            let message = "The upload session has expired";
            return Answer::coded(StatusCode::GONE, "upload_session_expired", message);
        }
        let content = file.content.clone().unwrap_or_default();
        if content.len() as u64 != file.size {
            let message = "The size is not the one that was announced";
            return Answer::coded(StatusCode::UNPROCESSABLE_ENTITY, "size_mismatch", message);
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if body["sha256"]
            .as_str()
            .is_some_and(|given| given != sha256(&content))
        {
            let message = "The SHA-256 is not the one that was given";
            return Answer::coded(StatusCode::UNPROCESSABLE_ENTITY, "hash_mismatch", message);
        }
        file.is_complete = true;
        Answer::json(200, &self.mime_data(id))
    }

    /// `GET /v1/files/{id}/download-link`
    pub(crate) fn link(&mut self, id: &str) -> Answer {
        let Some(file) = self.by_id.get(id).filter(|file| file.is_complete) else {
            return unknown();
        };
        let name = file.name.clone();
        let own_url = format!("{}/download/{id}?signature=SIGNATURE", self.storage);
        let download_url = self.next.download_url.take().unwrap_or(own_url);
        self.given_out.insert(download_url.clone(), id.to_owned());
        let mime_data = self.mime_data(id);
        let answer = json!({
            "download_url": download_url,
            "expires_in": "60 minutes",
            "filename": name,
            "mime_data": mime_data,
        });
        Answer::json(200, &answer)
    }

    fn insert(&mut self, file: File) -> String {
        let id = format!("file_{:06}", self.by_id.len() - self.inputs + 1);
        self.by_id.insert(id.clone(), file);
        id
    }

    /// How a request refers to the file.
    fn mime_data(&mut self, id: &str) -> Value {
        let name = self.by_id.get(id).map_or("", |file| &file.name);
        let url = format!("https://storage.retab.example/{id}?signature=SIGNATURE");
        let mime_data = json!({ "filename": name, "url": url });
        self.given_out.insert(url, id.to_owned());
        mime_data
    }
}

impl File {
    fn stored(name: &str, content: Bytes) -> Self {
        Self {
            name: name.to_owned(),
            content_type: None,
            size: content.len() as u64,
            content: Some(content),
            is_complete: true,
            is_corrupted: false,
            expires: false,
        }
    }

    /// What the storage wants to be sent with the bytes.
    pub(crate) fn wants(&self, id: &str, request: &Received) -> bool {
        let content_type = request.header("content-type");
        request.header("x-upload-token") == Some(token(id).as_str())
            && content_type == self.content_type.as_deref()
    }
}

fn token(id: &str) -> String {
    format!("token-of-{id}")
}

fn unknown() -> Answer {
    Answer::coded(
        StatusCode::NOT_FOUND,
        "file_not_found",
        "There is no file of this id",
    )
}

fn invalid(message: &str) -> Answer {
    Answer::detail(StatusCode::UNPROCESSABLE_ENTITY, message)
}
