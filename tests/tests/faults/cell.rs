//! One fault in one call: carried out, and told in one line.

use std::error::Error as _;
use std::fmt::Write as _;
use std::pin::pin;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use retab_ext::{Client, Error, RequestOptions};
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};

use crate::call::{self, CONTENT, Kind};
use crate::folder::{BEFORE, Folder};
use crate::table::{Effect, Fault, Silence, Target};
use crate::{KEY, SECRET};
use retab_tests::manual_clock::ManualClock;
use retab_tests::trace_recorder::{Fields, TraceRecorder};

/// Longer than any pause between attempts, and shorter than any silence.
const PAUSE: Duration = Duration::from_secs(70);
/// As long as a client waits for a byte, and longer than it waits for a run.
const SILENCE: Duration = Duration::from_secs(300);
const WAIT: Duration = Duration::from_secs(600);
/// How much of an answer is held; so little that an endless one is soon too large.
const RESPONSE_LIMIT: u64 = 1024 * 1024;

/// The servers that a call meets.
struct Servers {
    service: ScriptedServer,
    storage: ScriptedServer,
    /// Nobody's business.
    elsewhere: ScriptedServer,
    gate: Gate,
}

impl Servers {
    async fn new(fault: &Fault, kind: Kind) -> Self {
        let gate = Gate::new();
        let elsewhere =
            ScriptedServer::new(vec![Script::json(200, &kind.right_answer().1); 3]).await;
        let (status, body) = kind.right_answer();
        let media_type = if kind.is_of_storage() {
            "text/plain"
        } else {
            "application/json"
        };
        let target = Target {
            elsewhere: elsewhere.url().to_owned(),
            gate: gate.clone(),
            status,
            media_type,
            body: body.clone(),
        };
        let right = Script::response(status, &[("content-type", media_type)], &body);
        let mut scripts = vec![(fault.script)(&target); fault.times];
        let in_completion = fault.in_completion && kind == Kind::Upload;
        let (storage, rest) = match kind {
            Kind::Upload if in_completion => (vec![right; fault.sessions], scripts),
            Kind::Upload | Kind::Download => {
                scripts.push(right);
                (scripts, Vec::new())
            }
            _ => {
                scripts.push(right);
                (Vec::new(), scripts)
            }
        };
        let storage = ScriptedServer::new(storage).await;
        let mut service = kind.before(storage.url(), fault.sessions);
        // A completion comes between two sessions.
        let later = if in_completion {
            service.split_off(1)
        } else {
            Vec::new()
        };
        service.extend(rest);
        service.extend(later);
        if kind == Kind::Upload {
            service.push(call::completed());
        }
        Self {
            service: ScriptedServer::new(service).await,
            storage,
            elsewhere,
            gate,
        }
    }

    fn target(&self, kind: Kind) -> &ScriptedServer {
        if kind.is_of_storage() {
            &self.storage
        } else {
            &self.service
        }
    }
}

/// Carries the call out and tells what came of it, in the form of the table.
pub(crate) async fn run(fault: &Fault, kind: Kind) -> String {
    let told = TraceRecorder::default();
    let guard = tracing::subscriber::set_default(told.clone());
    let size = if fault.large { 8 * 1024 * 1024 } else { 4096 };
    let document = SECRET.repeat(size / SECRET.len());
    let folder = Folder::new(&document);
    let servers = Servers::new(fault, kind).await;
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
        let spans = told.spans("retab.attempt");
        let of_it = |span: &&Fields| {
            span.get("retab.operation")
                .is_some_and(|name| name == kind.operation())
        };
        let attempts = spans.iter().filter(of_it).count();
        attempts.saturating_sub(kind.attempts_before())
    };
    let end = through_time(
        kind.make(client, folder.path()),
        fault,
        kind,
        &servers,
        &clock,
        &attempts,
    );
    let end = end.await;
    drop(guard);

    let received = servers.target(kind).requests();
    let mut reached = received.iter().filter(|request| kind.meets(request));
    let whole = reached.clone().filter(|request| {
        let length = request.header("content-length").unwrap_or("0");
        request.body.len().to_string() == length
    });
    let whole = whole.count();
    let place = format!("{} in {kind:?}", fault.name);
    check_secrets(&place, &end, &told, &servers, &document);
    check_disk(&place, kind, &end, &folder);
    if let (Kind::Upload, Ok(_)) = (kind, &end) {
        let last = reached.clone().next_back().unwrap();
        assert!(last.body == document, "{place}: the bytes are not whole");
    }
    let mut line = format!(
        "{} · {}/{} · {} s",
        shown(&end),
        reached.by_ref().count(),
        attempts(),
        clock.elapsed().as_secs_f64()
    );
    if kind == Kind::Create {
        // The right answer comes last, and the call ends well by it.
        let made = match fault.effect {
            Effect::Possible => whole.max(usize::from(end.is_ok())),
            Effect::None => usize::from(end.is_ok()),
        };
        assert!(made <= 1, "{place}: made {made} times");
        write!(line, " · made ≤ {made}").unwrap();
    }
    line
}

/// The end of the call, for which as much time passes as it sleeps or is kept in silence.
async fn through_time<T>(
    call: impl Future<Output = T>,
    fault: &Fault,
    kind: Kind,
    servers: &Servers,
    clock: &ManualClock,
    attempts: &impl Fn() -> usize,
) -> T {
    let mut call = pin!(call);
    let longest = if fault.patient && kind == Kind::Wait {
        WAIT
    } else {
        SILENCE
    };
    let mut silences = 0;
    let mut is_silent = false;
    loop {
        let falls_silent = async {
            if longest == WAIT {
                servers.target(kind).wait_for_requests(2).await;
            } else {
                servers.target(kind).wait_for_idle(silences + 1).await;
            }
            settle().await;
        };
        // One at a time: a sleep tells one of them only.
        let limit = if is_silent { longest } else { PAUSE };
        tokio::select! {
            biased;
            end = &mut call => return end,
            () = falls_silent, if !is_silent => match fault.silence {
                Silence::Lasting => is_silent = true,
                Silence::Ending(after) => {
                    silences += 1;
                    clock.advance(after);
                    servers.gate.open();
                }
            },
            _ = clock.pass(limit) => {
                silences += usize::from(is_silent);
                is_silent = false;
                // Those who were refused come back now.
                if attempts() > 0 {
                    servers.gate.open();
                    settle().await;
                }
            }
        }
    }
}

/// Lets everything run until nothing but time is waited for: all is on this thread and on the loopback.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

fn shown(end: &Result<&'static str, Error>) -> String {
    let error = match end {
        Ok(ok) => return (*ok).to_owned(),
        Err(error) => error,
    };
    let mut shown = format!("{:?}", error.kind());
    if let Some(status) = error.status() {
        write!(shown, " {}", status.as_u16()).unwrap();
    }
    for (holds, word) in [
        (error.outcome_unknown(), " unknown"),
        (error.is_retryable(), " retryable"),
    ] {
        if holds {
            shown.push_str(word);
        }
    }
    shown
}

/// Neither error nor trace shows a secret, and no other host got the key.
fn check_secrets(
    place: &str,
    end: &Result<&'static str, Error>,
    told: &TraceRecorder,
    servers: &Servers,
    document: &str,
) {
    let mut shown = vec![told.all()];
    if let Err(error) = end {
        shown.push(format!("{error} {error:?} {error:#?}"));
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        shown.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    }
    let encoded = STANDARD.encode(&document[..30]);
    for shown in shown {
        assert!(
            !shown.contains(SECRET) && !shown.contains(&encoded),
            "{place} shows a secret: {shown}"
        );
    }
    for sent in servers.storage.requests() {
        let values = sent.headers.values().map(http::HeaderValue::as_bytes);
        let mut parts = values.chain([sent.path.as_bytes(), sent.query.as_bytes(), &sent.body[..]]);
        let key = KEY.as_bytes();
        assert!(
            !parts.any(|part| part.windows(key.len()).any(|window| window == key)),
            "{place} sends the key to the storage"
        );
        assert!(
            !sent.headers.contains_key("authorization") && !sent.headers.contains_key("api-key"),
            "{place} sends credentials to the storage"
        );
    }
    assert!(
        servers.elsewhere.requests().is_empty(),
        "{place} goes to another host"
    );
}

/// Nothing half-written is left: a download is there whole, or what was there before is.
fn check_disk(place: &str, kind: Kind, end: &Result<&'static str, Error>, folder: &Folder) {
    let expected = if kind == Kind::Download && end.is_ok() {
        CONTENT
    } else {
        BEFORE
    };
    assert_eq!(folder.kept(place), expected, "{place}");
}
