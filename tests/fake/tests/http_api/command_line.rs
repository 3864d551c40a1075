//! The program `fake_retab`, and a client of it that is a shell script.

#![allow(clippy::print_stdout, reason = "what is not run says so")]

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Program, command};

fn is_there(tool: &str) -> bool {
    let found = Command::new(tool)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    // A shell need not know the option.
    found.is_ok()
}

#[test]
fn a_shell_script_creates_a_run_and_polls_it() {
    if !is_there("curl") || !is_there("sh") {
        println!("SKIPPED: curl or sh is not there, so that the script was not run");
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
        // It asks as often as it can; the fake's clock is the system's.
        .env("POLL_SECONDS", "0.1")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "created run_000001");
    assert!(lines.contains(&"run_000001 is completed"), "{said}");
    assert!(lines.last().unwrap().contains("2026-0117"), "{said}");
    let logged = fake.value("POST /v1/workflows/runs 202 ");
    assert!(logged.ends_with("ms") && !logged.contains(&key));
}

#[test]
fn a_wrong_argument_is_explained_and_a_port_that_is_taken_as_well() {
    let output = command(&["--fault", "create_run:503"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        said.contains("`create_run` is not an operation of the spec"),
        "{said}"
    );
    assert!(
        said.contains("Example: create_workflow_run:503x2"),
        "{said}"
    );

    let mut fake = Program::start(&[]);
    let base = fake.value("base URL ");
    let port = base.rsplit(':').next().unwrap();
    let output = command(&["--port", port]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(port), "{said}");

    let help = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("OPERATION:FAULT[xCOUNT][@PERCENT%]"),
        "{help}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it() {
    if !is_there("sh") {
        println!("SKIPPED: sh is not there, so that nothing was interrupted");
        return;
    }
    let mut fake = Program::start(&[]);
    for start in ["base URL ", "storage URL ", "API key "] {
        fake.value(start);
    }
    let kill = format!("kill -INT {}", fake.child.id());
    Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(fake.child.wait().unwrap().success());
}

#[test]
fn the_readme_has_the_forms_of_faults_and_every_option() {
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
