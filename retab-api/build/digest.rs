//! The digest of `openapi/`, used to detect stale generated code.
//!
//! The build script of `retab-api` and the xtask both compile this file. The digest detects accidental changes, not
//! tampering, so 128-bit FNV-1a is sufficient and needs no dependency.

use std::fs;
use std::io;
use std::path::Path;

/// Returns the digest of all files under `folder` as 32 hexadecimal digits.
///
/// The digest covers relative file names and contents, sorted by name. CRLF counts as LF, so that checkouts with
/// translated line endings have the same digest. Names that start with a dot or end with a tilde are skipped, since
/// editors and file managers create such files.
///
/// # Errors
/// Returns an error that names the path if a directory or file cannot be read.
pub(crate) fn folder(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.sort_unstable();
    let mut digest = Fnv::new();
    for name in files {
        let path = folder.join(&name);
        let content = fs::read(&path).map_err(|error| naming(&path, &error))?;
        let content = with_lf(&content);
        // Length prefixes separate names from contents.
        digest.add(&(name.len() as u64).to_le_bytes());
        digest.add(name.as_bytes());
        digest.add(&(content.len() as u64).to_le_bytes());
        digest.add(&content);
    }
    Ok(digest.print())
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| naming(folder, &error))? {
        let entry = entry.map_err(|error| naming(folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let relative = format!("{prefix}{name}");
        // Follows symbolic links, as `fs::read` does.
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{relative}/"), files)?;
        } else {
            files.push(relative);
        }
    }
    Ok(())
}

fn with_lf(content: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(content.len());
    for (index, &byte) in content.iter().enumerate() {
        if byte != b'\r' || content.get(index + 1) != Some(&b'\n') {
            lines.push(byte);
        }
    }
    lines
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// A 128-bit FNV-1a hash.
struct Fnv(u128);

impl Fnv {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn new() -> Self {
        Self(Self::OFFSET)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }

    fn print(self) -> String {
        format!("{:032x}", self.0)
    }
}
