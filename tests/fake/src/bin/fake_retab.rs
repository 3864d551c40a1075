//! A fake of the Retab API on a loopback port, for clients in any language.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use retab_fake::{FAULT_SYNTAX, FakeRetab, Faults};

/// Run a fake of the Retab API on a loopback port until interrupted
#[derive(Parser)]
#[command(name = "fake_retab", version, after_help = format!("Fault rules:\n{FAULT_SYNTAX}"))]
struct Arguments {
    /// Serve the API on this port instead of any free one (object storage always uses a free port)
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Delay every response by this many milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0,
        hide_default_value = true
    )]
    latency: u64,
    /// Make requests fail according to the fault rules below
    #[arg(long, value_name = "RULES")]
    fault: Option<Faults>,
    /// Add a workflow besides `wf_abc123xyz`; repeat to add several (unknown workflow IDs return 404)
    #[arg(long, value_name = "ID")]
    workflow: Vec<String>,
    /// Respond 422 to undeclared query parameters and run fields instead of ignoring them
    #[arg(long)]
    strict: bool,
    /// Set the seed for sampled responses
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print one line per request, without credentials, query values or bodies
    #[arg(long)]
    log: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut fake = FakeRetab::builder()
        .real_time()
        .port(arguments.port)
        .latency(Duration::from_millis(arguments.latency))
        .seed(arguments.seed)
        .only_workflows(arguments.workflow)
        // No code reads the recorded requests.
        .request_log_limit(0);
    if let Some(faults) = arguments.fault {
        fake = fake.faults(faults);
    }
    if !arguments.strict {
        fake = fake.ignore_undeclared();
    }
    if arguments.log {
        fake = fake.log(print_line);
    }
    let fake = fake.start().await;
    let fake =
        fake.map_err(|error| format!("cannot listen on port {}: {error}", arguments.port))?;
    let interrupt = tokio::spawn(tokio::signal::ctrl_c());
    // Installs the signal handler before printing, so that whoever reads the lines can interrupt at once.
    tokio::task::yield_now().await;
    print_line(&format!("base URL     {}", fake.base_url()));
    print_line(&format!("storage URL  {}", fake.storage_url()));
    print_line(&format!("API key      {}", FakeRetab::API_KEY));
    interrupt.await??;
    Ok(())
}

/// Prints and flushes a line. Ignores errors, because the reader may have gone away.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}").and_then(|()| std::io::stdout().flush());
}
