//! A scratch package that depends on one crate, and compiles that crate alone.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Build;
use crate::problem::{Problem, Result};

/// What a scratch package asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Depend<'a> {
    /// This version from the registry.
    Version(&'a str),
    /// The package in this folder.
    Path(&'a Path),
}

/// A scratch package.
#[derive(Debug)]
pub(super) struct Project {
    /// The crate that it depends on.
    pub(super) package: String,
    folder: PathBuf,
}

/// What compiling a crate took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Took {
    pub(super) wall: Duration,
    /// Of all processes and threads together, where the system says it.
    pub(super) cpu: Option<Duration>,
}

impl Project {
    /// Writes the package, under `folder`; `lock` has the versions of what it depends on.
    pub(super) fn new(
        folder: &Path,
        package: &str,
        depend: Depend<'_>,
        lock: Option<&Path>,
    ) -> Result<Self> {
        let folder = folder.join(package);
        let written = |file: &str, error: std::io::Error| {
            Problem::new(
                folder.join(file).display(),
                format!("it cannot be written: {error}"),
                "mend the permissions or the space of the target folder",
            )
        };
        fs::create_dir_all(folder.join("src")).map_err(|error| written("src", error))?;
        fs::write(folder.join("src/lib.rs"), "").map_err(|error| written("src/lib.rs", error))?;
        fs::write(folder.join("Cargo.toml"), manifest(package, depend))
            .map_err(|error| written("Cargo.toml", error))?;
        if let Some(lock) = lock {
            fs::copy(lock, folder.join("Cargo.lock"))
                .map_err(|error| written("Cargo.lock", error))?;
        }
        Ok(Self {
            package: package.to_owned(),
            folder,
        })
    }

    /// Compiles the crate and what it depends on, so that the latter need not be compiled again.
    pub(super) fn prepare(&self, build: Build) -> Result<()> {
        self.run(self.compile(build))
    }

    /// Compiles the crate alone.
    pub(super) fn time(&self, build: Build) -> Result<Took> {
        let mut clean = self.cargo("clean");
        clean.args(["--quiet", "--profile", build.profile]);
        self.run(clean)?;
        let mut compile = self.compile(build);
        compile.arg("--quiet");
        let before = cpu_of_children();
        let start = Instant::now();
        self.run(compile)?;
        let wall = start.elapsed();
        let cpu = before
            .zip(cpu_of_children())
            .map(|(before, after)| after.saturating_sub(before));
        Ok(Took { wall, cpu })
    }

    fn compile(&self, build: Build) -> Command {
        let (first, others) = build.command.split_first().unwrap_or((&"check", &[]));
        let mut command = self.cargo(first);
        command.args(others).arg("--lib");
        command
    }

    /// Cargo on the crate, with nothing that would answer from a cache.
    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = Command::new(cargo());
        command
            .args([subcommand, "--package", &self.package])
            .arg("--target-dir")
            .arg(self.folder.join("target"))
            .current_dir(&self.folder)
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WRAPPER", "")
            .env("RUSTC_WORKSPACE_WRAPPER", "")
            .stdout(Stdio::null());
        command
    }

    fn run(&self, mut command: Command) -> Result<()> {
        let reason = match command.status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let arguments: Vec<_> = command
            .get_args()
            .map(|part| part.to_string_lossy())
            .collect();
        Err(Problem::new(
            format!("cargo {} in {}", arguments.join(" "), self.folder.display()),
            reason,
            "mend what cargo printed above; the first run needs the registry",
        ))
    }
}

/// The manifest of a scratch package, which is a workspace of its own wherever it stands.
fn manifest(package: &str, depend: Depend<'_>) -> String {
    let mut dependency = toml::Table::new();
    match depend {
        Depend::Version(version) => {
            dependency.insert("version".to_owned(), format!("={version}").into())
        }
        Depend::Path(path) => dependency.insert(
            "path".to_owned(),
            path.to_string_lossy().into_owned().into(),
        ),
    };
    toml::toml! {
        [workspace]

        [package]
        name = "compile-time"
        version = "0.0.0"
        edition = "2024"
        publish = false
    }
    .into_iter()
    .chain([(
        "dependencies".to_owned(),
        toml::Table::from_iter([(package.to_owned(), dependency.into())]).into(),
    )])
    .collect::<toml::Table>()
    .to_string()
}

/// Where cargo puts what it builds of a workspace.
pub(super) fn target_folder(workspace: &Path) -> Result<PathBuf> {
    let unknown = |reason: String| {
        Problem::new(
            format!("cargo metadata in {}", workspace.display()),
            reason,
            "mend what cargo printed above",
        )
    };
    let output = Command::new(cargo())
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(workspace)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| unknown(error.to_string()))?;
    if !output.status.success() {
        return Err(unknown(output.status.to_string()));
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| unknown(error.to_string()))?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| unknown("it names no target_directory".to_owned()))
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The CPU time of the processes that this one has waited for, and of those that they have.
fn cpu_of_children() -> Option<Duration> {
    cpu_in(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// Linux says it in hundredths of a second, in the 16th and 17th column; the second column is a
/// name, which may contain anything.
fn cpu_in(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut columns = after_name.split_whitespace().skip(13);
    let user: u64 = columns.next()?.parse().ok()?;
    let system: u64 = columns.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_package_asks_for_one_crate_and_is_in_no_workspace() {
        let written = manifest("retab", Depend::Version("0.0.26"));
        let read: toml::Table = written.parse().unwrap();
        assert_eq!(
            read["dependencies"]["retab"]["version"].as_str(),
            Some("=0.0.26")
        );
        assert!(read["workspace"].as_table().unwrap().is_empty());

        let path = Path::new(r#"C:\a "b""#);
        let read: toml::Table = manifest("retab-api", Depend::Path(path)).parse().unwrap();
        assert_eq!(
            read["dependencies"]["retab-api"]["path"].as_str(),
            path.to_str()
        );
    }

    #[test]
    fn a_project_takes_over_the_versions_of_a_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("lock");
        fs::write(&lock, "version = 4\n").unwrap();
        let project = Project::new(
            folder.path(),
            "retab",
            Depend::Version("1.0.0"),
            Some(&lock),
        )
        .unwrap();
        assert_eq!(project.folder, folder.path().join("retab"));
        let read = |file: &str| fs::read_to_string(project.folder.join(file)).unwrap();
        assert_eq!(read("Cargo.lock"), "version = 4\n");
        assert!(read("Cargo.toml").contains("=1.0.0"));
        assert_eq!(read("src/lib.rs"), "");
    }

    #[test]
    fn the_time_of_children_is_found_whatever_the_name_is() {
        let stat = "7 (a) b 1) S 1 7 7 0 -1 4194560 9 8 7 6 5 4 250 125 20 0 1 0 99";
        assert_eq!(cpu_in(stat), Some(Duration::from_millis(3750)));
        assert_eq!(cpu_in("7 (xtask) S 1 7"), None);
        assert_eq!(cpu_in(""), None);
    }
}
