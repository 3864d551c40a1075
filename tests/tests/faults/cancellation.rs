//! Methods dropped at each of their await points leave no partial state, and the client stays usable.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use retab_ext::Client;
use retab_fake::scripted_server::{Script, ScriptedServer};

use crate::folder::{EXISTING, Folder};
use crate::scenario::{self, CONTENT, Scenario};
use crate::{KEY, SECRET};
use retab_tests::manual_clock::ManualClock;

/// More polls than any scenario needs.
const MAX_POLLS: usize = 10_000;

/// Drops its inner future after a number of polls.
struct DropAfter<F> {
    inner: Option<Pin<Box<F>>>,
    polls: usize,
}

impl<F: Future> Future for DropAfter<F> {
    /// `None` if the inner future was dropped before it completed.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = &mut self.inner else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(output) = inner.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        self.polls -= 1;
        if self.polls > 0 {
            return Poll::Pending;
        }
        self.inner = None;
        Poll::Ready(None)
    }
}

/// A service and an object storage that respond to any number of requests.
struct Servers {
    service: ScriptedServer,
    /// Listens until it is dropped.
    _storage: ScriptedServer,
}

impl Servers {
    async fn new(scenario: Scenario) -> Self {
        let storage = ScriptedServer::with_handler(move |_| {
            let (status, body) = scenario.valid_response();
            Script::response(status, &[("content-type", "text/plain")], &body)
        });
        let storage = storage.await;
        let url = storage.url().to_owned();
        let service = ScriptedServer::with_handler(move |request| {
            let valid = || Script::json(scenario.valid_response().0, &scenario.valid_response().1);
            match scenario {
                _ if request.path.ends_with("/complete") => scenario::completion(),
                Scenario::Read | Scenario::Create => valid(),
                Scenario::Wait | Scenario::Page if scenario.is_target(request) => valid(),
                _ => scenario.preceding_responses(&url, 1).remove(0),
            }
        });
        Self {
            service: service.await,
            _storage: storage,
        }
    }

    /// Returns the number of completely received requests that change state.
    fn changes(&self, scenario: Scenario) -> usize {
        let received = self.service.requests().into_iter();
        let change = |path: &str| match scenario {
            Scenario::Upload => path.ends_with("/complete"),
            _ => path == "/v1/workflows/runs",
        };
        received
            .filter(|request| request.method == http::Method::POST)
            .filter(|request| {
                let length = request.header("content-length").unwrap_or("0");
                change(&request.path) && request.body.len().to_string() == length
            })
            .count()
    }
}

/// Drops the scenario after `polls` polls, then runs it again if `again` is set. Returns whether the first run completed.
fn completes_within(scenario: Scenario, polls: usize, again: bool) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = Folder::new(&SECRET.repeat(1000));
    let path = folder.path();
    let context = format!("{scenario:?} after {polls} polls");
    let completed = runtime.block_on(async {
        let servers = Servers::new(scenario).await;
        let clock = ManualClock::new();
        let builder = Client::builder()
            .api_key(KEY)
            .base_url(servers.service.url())
            .clock(clock.clone());
        let client = builder.build().unwrap();
        let first = DropAfter {
            inner: Some(Box::pin(scenario.run(client.clone(), path))),
            polls,
        };
        let result = run_through_delays(&clock, first).await;
        if let Some(result) = &result {
            assert_eq!(*result.as_ref().unwrap(), "ok", "{context}");
        }
        if again {
            let next = run_through_delays(&clock, scenario.run(client, path)).await;
            assert_eq!(next.unwrap(), "ok", "{context}, second run");
        }
        let is_change = matches!(scenario, Scenario::Create | Scenario::Upload);
        let changes = servers.changes(scenario);
        let possible = usize::from(again && is_change)..=usize::from(again) + 1;
        assert!(possible.contains(&changes), "{context}: {changes} changes");
        result.is_some()
    });
    // Waits for blocking tasks.
    drop(runtime);
    // The file is either the complete download or, unless the second run replaced it, the existing one.
    let downloaded = folder.downloaded(&context);
    let is_replaced = again && scenario == Scenario::Download;
    let is_complete = downloaded == CONTENT || (downloaded == EXISTING && !is_replaced);
    assert!(is_complete, "{context}: {downloaded}");
    completed
}

/// Runs a future, advancing the clock through its delays.
async fn run_through_delays<F: Future>(clock: &ManualClock, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    loop {
        tokio::select! {
            biased;
            output = &mut future => return output,
            _ = clock.pass(std::time::Duration::from_secs(70)) => {}
        }
    }
}

#[test]
fn dropping_at_any_await_leaves_no_partial_state() {
    retab_tests::trace_recorder::install_global();
    for scenario in Scenario::ALL {
        for again in [false, true] {
            let polls = (1..MAX_POLLS).find(|polls| completes_within(scenario, *polls, again));
            let polls = polls.expect("the scenario never completes");
            assert!(polls > 2, "{scenario:?} completes within {polls} polls");
        }
    }
}
