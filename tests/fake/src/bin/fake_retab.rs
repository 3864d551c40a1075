//! A fake of Retab's service on a port of this machine, for a client in any language.

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use clap::Parser;
use retab_fake::{FAULT_SYNTAX, FakeRetab, Faults};

/// A fake of Retab's service on a port of this machine, until it is interrupted.
#[derive(Parser)]
#[command(after_help = format!("Faults:\n{FAULT_SYNTAX}"))]
struct Arguments {
    /// The port of the service; without it, one that is free. The storage has another one.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// How many milliseconds each answer waits.
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0,
        hide_default_value = true
    )]
    latency: u64,
    /// Which requests fail, and how; the rules are below.
    #[arg(long, value_name = "RULES")]
    fault: Option<Faults>,
    /// A workflow that is there beside that of the examples; can be given several times. Any other id is answered by 404.
    #[arg(long, value_name = "ID")]
    workflow: Vec<String>,
    /// Answers 422 to parameters of the query, and to fields of a new run, that the document does not declare. Without it
    /// they are ignored, as the service does: a newer client than the document may send some.
    #[arg(long)]
    strict: bool,
    /// Draws the samples of the document from this seed: the same ones for the same seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Prints a line for each request, without credentials, values of the query and bodies.
    #[arg(long)]
    log: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
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
        // Nobody looks at them.
        .request_log_limit(0);
    if let Some(faults) = arguments.fault {
        fake = fake.faults(faults);
    }
    if !arguments.strict {
        fake = fake.ignore_undeclared();
    }
    if arguments.log {
        fake = fake.log(say);
    }
    let fake = fake.start().await;
    let fake = fake.map_err(|error| format!("port {}: {error}", arguments.port))?;
    let interrupt = tokio::spawn(tokio::signal::ctrl_c());
    // It is being waited for from here on, so that whoever has read the lines can interrupt.
    tokio::task::yield_now().await;
    say(&format!("base URL     {}", fake.base_url()));
    say(&format!("storage URL  {}", fake.storage_url()));
    say(&format!("API key      {}", FakeRetab::API_KEY));
    interrupt.await??;
    Ok(())
}

/// A line that is there at once; nobody need be reading it.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}").and_then(|()| std::io::stdout().flush());
}
