//! Handles to stored files.

use retab_api::types::File;

use super::download::Download;
use crate::client::Client;
use crate::error::Error;
use crate::handle::handle;
use crate::id::FileId;

handle! {
    /// A handle to a stored file by its id. Creating one sends no request.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let file = client.file("file_abc123xyz");
    /// println!("{} has {:?} pages", file.id(), file.get().await?.page_count);
    /// file.download().to_folder("downloads").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It serializes to its id, like a [`RunHandle`](crate::RunHandle).
    FileHandle, FileId
}

impl Client {
    /// Returns a handle to a stored file. Sends no request.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.file("file_abc123xyz").download().to_path("invoice.pdf").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The methods of the handle return an error if the id is that of another resource, such as `run_abc123xyz`.
    #[must_use]
    pub fn file(&self, id: impl Into<FileId>) -> FileHandle {
        FileHandle::new(self.clone(), id.into())
    }
}

impl FileHandle {
    /// Reads the metadata of the file.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let file = client.file("file_abc123xyz").get().await?;
    /// println!("{} is of type {:?}", file.filename, file.mime_type);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails. [`Error::is_not_found`] is true if the file does not exist.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn get(&self) -> Result<File, Error> {
        let request = self.client.api().get_file().file_id(&self.id);
        Ok(request.send().await?.into_inner())
    }

    /// Returns a builder for the download of the file.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let path = client.file("file_abc123xyz").download().to_folder("downloads").await?;
    /// println!("{}", path.display());
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self) -> Download {
        Download::new(self.client.clone(), self.id.clone())
    }
}
