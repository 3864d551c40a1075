//! The digest of `openapi/`, by which a crate that was generated from something else is told.
//!
//! The build script of `retab-api` and the xtask compile this same file. It guards against mistakes and not
//! against malice, so FNV-1a with 128 bits will do, which needs no dependency.

use std::fs;
use std::io;
use std::path::Path;

/// The digest of the files in `folder` and in its folders, as 32 hexadecimal digits.
///
/// It covers the names relative to `folder` and the contents, in the order of the names, with CRLF read as LF: a
/// checkout that translates line ends has the same digest. Files and folders whose name begins with a dot or
/// ends with a tilde are passed over: editors and file managers leave them behind.
///
/// # Errors
/// A folder or file that cannot be read; the message names it.
pub(crate) fn folder(folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.sort_unstable();
    let mut digest = Fnv::new();
    for name in files {
        let path = folder.join(&name);
        let content = fs::read(&path).map_err(|error| naming(&path, &error))?;
        let content = with_lf(&content);
        // The lengths keep what is name and what is content apart.
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
        // Follows a link, as reading the file does.
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

/// FNV-1a with 128 bits.
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
