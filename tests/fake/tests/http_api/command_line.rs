//! The `fake_retab` program and a shell script client.

#![allow(clippy::print_stdout, reason = "skipped tests print a message")]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Program, command};

fn is_installed(tool: &str) -> bool {
    let status = Command::new(tool)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    // Only check that the program starts, since not every shell supports the option.
    status.is_ok()
}

#[test]
fn shell_script_creates_and_polls_run() {
    if !is_installed("curl") || !is_installed("sh") {
        println!("SKIPPED: curl or sh is not installed");
        return;
    }
    let mut fake = Program::start(&["--log"]);
    let base = fake.value("base URL ");
    assert!(fake.value("storage URL ").starts_with("http://127.0.0.1:"));
    let key = fake.value("API key ");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("curl/create_and_poll.sh");
    let output = Command::new("sh")
        .arg(script)
        .env("RETAB_API_BASE_URL", base)
        .env("RETAB_API_KEY", &key)
        // The fake uses the system clock, so short intervals keep the test fast.
        .env("POLL_SECONDS", "0.1")
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines[0], "created run_000001");
    assert!(lines.contains(&"run_000001 is completed"), "{stdout}");
    assert!(lines.last().unwrap().contains("2026-0117"), "{stdout}");
    let logged = fake.value("POST /v1/workflows/runs 202 ");
    assert!(logged.ends_with("ms") && !logged.contains(&key));
}

#[test]
fn explains_invalid_argument_and_used_port() {
    let output = command(&["--fault", "create_run:503"]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        stderr.contains("`create_run` is not an operation of the spec"),
        "{stderr}"
    );
    assert!(
        stderr.contains("Example: create_workflow_run:503x2"),
        "{stderr}"
    );

    let mut fake = Program::start(&[]);
    let base = fake.value("base URL ");
    let port = base.rsplit(':').next().unwrap();
    let output = command(&["--port", port]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && stderr.contains(port),
        "{stderr}"
    );

    let help = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("OPERATION:FAULT[xCOUNT][@PERCENT%]"),
        "{help}"
    );
}

#[cfg(unix)]
#[test]
fn exits_on_interrupt() {
    if !is_installed("sh") {
        println!("SKIPPED: sh is not installed");
        return;
    }
    let mut fake = Program::start(&[]);
    for prefix in ["base URL ", "storage URL ", "API key "] {
        fake.value(prefix);
    }
    let kill = format!("kill -INT {}", fake.child.id());
    Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(fake.child.wait().unwrap().success());
}

#[test]
fn readme_documents_fault_syntax_and_options() {
    let readme = include_str!("../../README.md");
    for line in retab_fake::FAULT_SYNTAX.lines() {
        let line = line.strip_prefix("Example: ").unwrap_or(line);
        assert!(readme.contains(line), "{line}");
    }
    let help = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let options = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"));
    let options: Vec<&str> = options
        .filter(|option| !["--help", "--version"].contains(option))
        .collect();
    assert_eq!(options.len(), 7, "{options:?}");
    for option in options {
        assert!(readme.contains(&format!("| `{option}")), "{option}");
    }
}
