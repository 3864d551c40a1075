//! A scratch package that depends on one crate and compiles only that crate.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::build::Build;
use crate::problem::{Problem, Result};

/// The dependency of a scratch package.
#[derive(Clone, Copy, Debug)]
pub(super) enum Depend<'a> {
    /// A version from the registry.
    Version(&'a str),
    /// A local package.
    Path(&'a Path),
}

/// A scratch package.
#[derive(Debug)]
pub(super) struct Project {
    /// The name of its dependency.
    pub(super) package: String,
    folder: PathBuf,
}

/// The duration of one compilation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Took {
    pub(super) wall: Duration,
    /// The CPU time of all processes and threads, if the system reports it.
    pub(super) cpu: Option<Duration>,
}

impl Project {
    /// Writes the package to a subdirectory of `folder`; `lock` pins the versions of its dependencies.
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
                format!("cannot write the file: {error}"),
                "check the permissions and the free space of the target directory",
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

    /// Compiles the crate and its dependencies, which later compilations reuse.
    pub(super) fn prepare(&self, build: Build) -> Result<()> {
        self.run(self.compile(build))
    }

    /// Measures a compilation of the crate without its dependencies.
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

    /// Returns a cargo command for the crate, with incremental compilation and compiler wrappers disabled.
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
            format_args!("cannot compile the crate: {reason}"),
            "fix the errors printed above; the first run requires access to the registry",
        ))
    }
}

/// Returns the manifest of a scratch package, which is its own workspace root.
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

/// Returns the target directory of a workspace.
pub(super) fn target_folder(workspace: &Path) -> Result<PathBuf> {
    let unknown = |reason: String| {
        Problem::new(
            format!("cargo metadata in {}", workspace.display()),
            format_args!("cannot find the target directory: {reason}"),
            "fix the errors printed above",
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
        .ok_or_else(|| unknown("missing target_directory".to_owned()))
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Returns the CPU time of all terminated descendants that were waited for.
fn cpu_of_children() -> Option<Duration> {
    cpu_in(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// Parses the CPU time of child processes from `/proc/self/stat`.
///
/// Columns 16 and 17 contain hundredths of a second. Column 2 is a process name, which may contain
/// spaces and parentheses.
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
    fn manifest_has_one_dependency_and_own_workspace() {
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
    fn new_project_copies_lock_file() {
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
    fn parses_cpu_time_with_any_process_name() {
        let stat = "7 (a) b 1) S 1 7 7 0 -1 4194560 9 8 7 6 5 4 250 125 20 0 1 0 99";
        assert_eq!(cpu_in(stat), Some(Duration::from_millis(3750)));
        assert_eq!(cpu_in("7 (xtask) S 1 7"), None);
        assert_eq!(cpu_in(""), None);
    }
}
