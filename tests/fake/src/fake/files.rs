//! The files of the fake, and what a test can ask of the storage.

use bytes::Bytes;

use super::FakeRetab;
use crate::received_request::ReceivedRequest;
use crate::response::Response;

/// Files and their storage, which answers on a port of its own.
impl FakeRetab {
    /// Adds a file as if it had been uploaded, and gives its id.
    pub fn add_file(&self, name: &str, content: impl Into<Bytes>) -> String {
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.files.add(name, content.into(), now)
    }

    /// The content of a file that was uploaded; `None` while the upload is not complete, and for what is not kept: more
    /// than 64 MiB of a file, and more than 256 MiB of all.
    #[must_use]
    pub fn file(&self, id: &str) -> Option<Bytes> {
        let mut service = self.handler.service();
        let file = service.files.file(id)?;
        let stored = file.content.as_ref().filter(|_| file.is_complete)?;
        stored.bytes.clone()
    }

    /// Lets the next upload session expire before it is completed.
    pub fn expire_next_upload(&self) {
        self.handler.service().files.overrides().expires = true;
    }

    /// Lets the storage keep other bytes than the next upload sends.
    pub fn corrupt_next_upload(&self) {
        self.handler.service().files.overrides().is_corrupted = true;
    }

    /// Lets the next upload session name this URL instead of one of the fake's own storage.
    pub fn set_next_upload_url(&self, url: impl Into<String>) {
        self.handler.service().files.overrides().upload_url = Some(url.into());
    }

    /// Lets the next download link name this URL instead of one of the fake's own storage.
    pub fn set_next_download_url(&self, url: impl Into<String>) {
        self.handler.service().files.overrides().download_url = Some(url.into());
    }

    /// Queues an answer that the next request to the storage gets; several are given in order.
    pub fn queue_storage_response(&self, answer: Response) {
        self.handler.service().storage_canned.push_back(answer);
    }

    /// Every request to the storage so far, the oldest first.
    #[must_use]
    pub fn storage_requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().storage_received.all()
    }

    /// The URL of the storage: scheme, host and port.
    #[must_use]
    pub fn storage_url(&self) -> String {
        format!("http://{}", self.server.storage)
    }
}
