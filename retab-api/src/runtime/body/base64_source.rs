//! A source that encodes another source as base64 on the fly.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};

use super::source::{Chunks, Source};

/// The base64 encoding of another source.
pub(super) struct Base64Source(pub(super) Arc<dyn Source>);

impl Source for Base64Source {
    fn size(&self) -> u64 {
        self.0.size().div_ceil(3).saturating_mul(4)
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        Box::pin(async move {
            let encoding = Encoding {
                chunks: self.0.open().await?.fuse(),
                remainder: Vec::new(),
                ended: false,
            };
            Ok(Box::pin(stream::try_unfold(encoding, Encoding::next)) as Chunks)
        })
    }
}

struct Encoding {
    chunks: stream::Fuse<Chunks>,
    /// The last one or two bytes of the previous chunk, completed to a group of three by the next chunk.
    remainder: Vec<u8>,
    ended: bool,
}

impl Encoding {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.ended {
            return Ok(None);
        }
        let mut text = String::new();
        if let Some(chunk) = self.chunks.next().await.transpose()? {
            self.encode(&chunk, &mut text);
        } else {
            self.ended = true;
            STANDARD.encode_string(&self.remainder, &mut text);
        }
        Ok(Some((text.into(), self)))
    }

    fn encode(&mut self, mut chunk: &[u8], text: &mut String) {
        text.reserve(chunk.len().div_ceil(3) * 4 + 4);
        if !self.remainder.is_empty() {
            let (missing, rest) = chunk.split_at(chunk.len().min(3 - self.remainder.len()));
            self.remainder.extend_from_slice(missing);
            chunk = rest;
            if self.remainder.len() < 3 {
                return;
            }
            STANDARD.encode_string(&self.remainder, text);
        }
        let (groups, remainder) = chunk.split_at(chunk.len() - chunk.len() % 3);
        STANDARD.encode_string(groups, text);
        self.remainder.clear();
        self.remainder.extend_from_slice(remainder);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    /// Bytes in the given chunks.
    struct Chunked(Vec<Bytes>);

    impl Source for Chunked {
        fn size(&self) -> u64 {
            self.0.iter().map(|chunk| chunk.len() as u64).sum()
        }

        fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
            let chunks = self.0.clone().into_iter().map(Ok);
            Box::pin(async { Ok(Box::pin(stream::iter(chunks)) as Chunks) })
        }
    }

    #[tokio::test]
    async fn encodes_chunks_of_any_length_like_the_whole() {
        let content: Vec<u8> = (0..=255).collect();
        for lengths in [
            vec![],
            vec![0],
            vec![1],
            vec![2],
            vec![3],
            vec![1, 1],
            vec![1, 1, 1],
            vec![2, 0, 2],
            vec![4, 5, 7],
            vec![1, 254, 1],
            vec![100, 100, 56],
        ] {
            let mut rest = &content[..];
            let chunks: Vec<Bytes> = lengths
                .iter()
                .map(|length| {
                    let (chunk, after) = rest.split_at(*length);
                    rest = after;
                    Bytes::copy_from_slice(chunk)
                })
                .collect();
            let whole = chunks.concat();
            let source = Base64Source(Arc::new(Chunked(chunks)));
            // Each attempt opens the source again.
            for _ in 0..2 {
                let text: Vec<Bytes> = source.open().await.unwrap().try_collect().await.unwrap();
                let text = text.concat();
                assert_eq!(text, STANDARD.encode(&whole).as_bytes(), "{lengths:?}");
                assert_eq!(text.len() as u64, source.size(), "{lengths:?}");
            }
        }
    }
}
