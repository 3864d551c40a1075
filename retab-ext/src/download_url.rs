//! Presigned URLs for stored files.

use retab_api::types::FileLink;

use crate::client::Client;
use crate::error::Error;
use crate::id::FileId;

/// Requests the presigned URLs of a stored file. They expire.
pub(crate) async fn fetch(client: &Client, id: &FileId) -> Result<FileLink, Error> {
    let request = client.api().download_link().file_id(id);
    Ok(request.send().await?.into_inner())
}
