//! Runs one scenario under one fault and renders the result as a table cell.

use std::error::Error as _;
use std::fmt::Write as _;
use std::pin::pin;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use retab_ext::{Client, Error, RequestOptions};
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};

use crate::folder::{EXISTING, Folder};
use crate::scenario::{self, CONTENT, Scenario};
use crate::table::{Effect, Fault, Stall, ValidResponse};
use crate::{KEY, SECRET};
use retab_tests::manual_clock::ManualClock;
use retab_tests::trace_recorder::{Fields, TraceRecorder};

/// Above every delay between attempts or polls, and below the idle timeout.
const MAX_DELAY: Duration = Duration::from_secs(70);
/// The default idle timeout of the client.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);
/// The default timeout of a wait.
const WAIT_TIMEOUT: Duration = Duration::from_secs(600);
/// Low enough that an endless response soon exceeds it.
const RESPONSE_LIMIT: u64 = 1024 * 1024;

struct Servers {
    service: ScriptedServer,
    storage: ScriptedServer,
    /// The target of redirects, which must receive no request.
    other_host: ScriptedServer,
    gate: Gate,
}

impl Servers {
    async fn new(fault: &Fault, scenario: Scenario) -> Self {
        let gate = Gate::new();
        let other_host =
            ScriptedServer::new(vec![Script::json(200, &scenario.valid_response().1); 3]).await;
        let (status, body) = scenario.valid_response();
        let media_type = if scenario.targets_storage() {
            "text/plain"
        } else {
            "application/json"
        };
        let valid_response = ValidResponse {
            status,
            media_type,
            body: body.clone(),
            other_host: other_host.url().to_owned(),
            gate: gate.clone(),
        };
        let valid = Script::response(status, &[("content-type", media_type)], &body);
        let mut scripts = vec![(fault.script)(&valid_response); fault.times];
        let on_completion = fault.on_completion && scenario == Scenario::Upload;
        let (storage, rest) = match scenario {
            Scenario::Upload if on_completion => (vec![valid; fault.presigned_urls], scripts),
            Scenario::Upload | Scenario::Download => {
                scripts.push(valid);
                (scripts, Vec::new())
            }
            _ => {
                scripts.push(valid);
                (Vec::new(), scripts)
            }
        };
        let storage = ScriptedServer::new(storage).await;
        let mut service = scenario.preceding_responses(storage.url(), fault.presigned_urls);
        // A completion request follows each upload session.
        let remaining = if on_completion {
            service.split_off(1)
        } else {
            Vec::new()
        };
        service.extend(rest);
        service.extend(remaining);
        if scenario == Scenario::Upload {
            service.push(scenario::completion());
        }
        Self {
            service: ScriptedServer::new(service).await,
            storage,
            other_host,
            gate,
        }
    }

    fn target(&self, scenario: Scenario) -> &ScriptedServer {
        if scenario.targets_storage() {
            &self.storage
        } else {
            &self.service
        }
    }
}

/// Runs the scenario under the fault and renders the result as a table cell.
pub(crate) async fn run(fault: &Fault, scenario: Scenario) -> String {
    let traces = TraceRecorder::default();
    let guard = tracing::subscriber::set_default(traces.clone());
    let size = if fault.large_document {
        8 * 1024 * 1024
    } else {
        4096
    };
    let document = SECRET.repeat(size / SECRET.len());
    let folder = Folder::new(&document);
    let servers = Servers::new(fault, scenario).await;
    let clock = ManualClock::new();
    let client = Client::builder()
        .api_key(KEY)
        .base_url(servers.service.url())
        .clock(clock.clone())
        .jitter(|| 1.0)
        .build()
        .unwrap()
        .with(RequestOptions::new().response_limit(RESPONSE_LIMIT));
    let attempts = || {
        let spans = traces.spans("retab.attempt");
        let is_target = |span: &&Fields| {
            span.get("retab.operation")
                .is_some_and(|name| name == scenario.operation())
        };
        let attempts = spans.iter().filter(is_target).count();
        attempts.saturating_sub(scenario.attempts_before())
    };
    let result = run_through_delays(
        scenario.run(client, folder.path()),
        fault,
        scenario,
        &servers,
        &clock,
        &attempts,
    );
    let result = result.await;
    drop(guard);

    let received = servers.target(scenario).requests();
    let mut reached = received
        .iter()
        .filter(|request| scenario.is_target(request));
    let complete = reached.clone().filter(|request| {
        let length = request.header("content-length").unwrap_or("0");
        request.body.len().to_string() == length
    });
    let complete = complete.count();
    let context = format!("{} in {scenario:?}", fault.name);
    check_secrets(&context, &result, &traces, &servers, &document);
    check_folder(&context, scenario, &result, &folder);
    if let (Scenario::Upload, Ok(_)) = (scenario, &result) {
        let last = reached.clone().next_back().unwrap();
        assert!(last.body == document, "{context}: the upload is incomplete");
    }
    let mut cell = format!(
        "{} · {}/{} · {} s",
        render(&result),
        reached.by_ref().count(),
        attempts(),
        clock.elapsed().as_secs_f64()
    );
    if scenario == Scenario::Create {
        // A successful result implies one created run.
        let created = match fault.effect {
            Effect::Possible => complete.max(usize::from(result.is_ok())),
            Effect::None => usize::from(result.is_ok()),
        };
        assert!(created <= 1, "{context}: created {created} runs");
        write!(cell, " · created ≤ {created}").unwrap();
    }
    cell
}

/// Runs a future, advancing the clock through its delays and the server's stalls.
async fn run_through_delays<T>(
    future: impl Future<Output = T>,
    fault: &Fault,
    scenario: Scenario,
    servers: &Servers,
    clock: &ManualClock,
    attempts: &impl Fn() -> usize,
) -> T {
    let mut future = pin!(future);
    let longest = if fault.polls_at_deadline && scenario == Scenario::Wait {
        WAIT_TIMEOUT
    } else {
        IDLE_TIMEOUT
    };
    let mut stalls = 0;
    let mut is_stalled = false;
    loop {
        let stalling = async {
            if longest == WAIT_TIMEOUT {
                servers.target(scenario).wait_for_requests(2).await;
            } else {
                servers.target(scenario).wait_for_idle(stalls + 1).await;
            }
            settle().await;
        };
        // A sleep notifies a single waiter, so only one branch may wait on the clock.
        let limit = if is_stalled { longest } else { MAX_DELAY };
        tokio::select! {
            biased;
            output = &mut future => return output,
            () = stalling, if !is_stalled => match fault.stall {
                Stall::UntilTimeout => is_stalled = true,
                Stall::For(duration) => {
                    stalls += 1;
                    clock.advance(duration);
                    servers.gate.open();
                }
            },
            _ = clock.pass(limit) => {
                stalls += usize::from(is_stalled);
                is_stalled = false;
                // Refused connections are retried now.
                if attempts() > 0 {
                    servers.gate.open();
                    settle().await;
                }
            }
        }
    }
}

/// Yields until all tasks wait for the clock: they share this thread and the loopback interface.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

fn render(result: &Result<&'static str, Error>) -> String {
    let error = match result {
        Ok(ok) => return (*ok).to_owned(),
        Err(error) => error,
    };
    let mut cell = format!("{:?}", error.kind());
    if let Some(status) = error.status() {
        write!(cell, " {}", status.as_u16()).unwrap();
    }
    for (applies, word) in [
        (error.outcome_unknown(), " unknown"),
        (error.is_retryable(), " retryable"),
    ] {
        if applies {
            cell.push_str(word);
        }
    }
    cell
}

/// Checks that no error or trace contains a secret, and that no other host receives the key.
fn check_secrets(
    context: &str,
    result: &Result<&'static str, Error>,
    traces: &TraceRecorder,
    servers: &Servers,
    document: &str,
) {
    let mut texts = vec![traces.all()];
    if let Err(error) = result {
        texts.push(format!("{error} {error:?} {error:#?}"));
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        texts.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    }
    let encoded = STANDARD.encode(&document[..30]);
    for text in texts {
        assert!(
            !text.contains(SECRET) && !text.contains(&encoded),
            "{context} leaks a secret: {text}"
        );
    }
    for request in servers.storage.requests() {
        let values = request.headers.values().map(http::HeaderValue::as_bytes);
        let mut parts = values.chain([
            request.path.as_bytes(),
            request.query.as_bytes(),
            &request.body[..],
        ]);
        let key = KEY.as_bytes();
        assert!(
            !parts.any(|part| part.windows(key.len()).any(|window| window == key)),
            "{context} sends the key to the storage"
        );
        assert!(
            !request.headers.contains_key("authorization")
                && !request.headers.contains_key("api-key"),
            "{context} sends credentials to the storage"
        );
    }
    assert!(
        servers.other_host.requests().is_empty(),
        "{context} sends a request to another host"
    );
}

/// Checks that the download either completed or left the existing file untouched.
fn check_folder(
    context: &str,
    scenario: Scenario,
    result: &Result<&'static str, Error>,
    folder: &Folder,
) {
    let expected = if scenario == Scenario::Download && result.is_ok() {
        CONTENT
    } else {
        EXISTING
    };
    assert_eq!(folder.downloaded(context), expected, "{context}");
}
