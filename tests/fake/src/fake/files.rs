//! Stored files, uploads, and the object storage of the fake.

use bytes::Bytes;

use super::FakeRetab;
use crate::received_request::ReceivedRequest;
use crate::response::Response;

/// Files and object storage, which listens on a separate port.
impl FakeRetab {
    /// Adds a file, as if it had been uploaded, and returns its ID.
    pub fn add_file(&self, name: &str, content: impl Into<Bytes>) -> String {
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.files.add(name, content.into(), now)
    }

    /// Returns the content of an uploaded file.
    ///
    /// Returns `None` if the upload is not complete, or if the content is not stored: the fake stores files up to 64 MiB,
    /// and at most 256 MiB in total.
    #[must_use]
    pub fn file(&self, id: &str) -> Option<Bytes> {
        let mut service = self.handler.service();
        let file = service.files.file(id)?;
        let stored = file.content.as_ref().filter(|_| file.is_complete)?;
        stored.bytes.clone()
    }

    /// Makes the next upload session expire before it is completed.
    pub fn expire_next_upload(&self) {
        self.handler.service().files.overrides().expires = true;
    }

    /// Makes object storage store different bytes than the next upload sends.
    pub fn corrupt_next_upload(&self) {
        self.handler.service().files.overrides().is_corrupted = true;
    }

    /// Makes the next upload session return this URL instead of a presigned URL of the fake's object storage.
    pub fn set_next_upload_url(&self, url: impl Into<String>) {
        self.handler.service().files.overrides().upload_url = Some(url.into());
    }

    /// Makes the next download return this URL instead of a presigned URL of the fake's object storage.
    pub fn set_next_download_url(&self, url: impl Into<String>) {
        self.handler.service().files.overrides().download_url = Some(url.into());
    }

    /// Queues a response for the next request to object storage. Queued responses are sent in order.
    pub fn queue_storage_response(&self, response: Response) {
        self.handler.service().storage_canned.push_back(response);
    }

    /// Returns the recorded requests to object storage, oldest first.
    #[must_use]
    pub fn storage_requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().storage_received.all()
    }

    /// Returns the base URL of object storage: scheme, host and port.
    #[must_use]
    pub fn storage_url(&self) -> String {
        format!("http://{}", self.server.storage)
    }
}
