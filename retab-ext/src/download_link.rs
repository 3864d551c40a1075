//! Where a stored file can be had at present.

use retab_api::types::FileLink;

use crate::client::Client;
use crate::error::Error;
use crate::id::FileId;

/// The addresses of a stored file; they expire.
pub(crate) async fn of(client: &Client, id: &FileId) -> Result<FileLink, Error> {
    let call = client.api().download_link().file_id(id.as_str());
    Ok(call.send().await?.into_inner())
}
