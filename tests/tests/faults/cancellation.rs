//! Calls that are dropped at each of their await points: nothing half-done stays, and the next call works.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use retab_ext::Client;
use retab_fake::scripted_server::{Script, ScriptedServer};

use crate::call::{self, CONTENT, Kind};
use crate::folder::{BEFORE, Folder};
use crate::{KEY, SECRET, listen};
use retab_tests::manual_clock::ManualClock;

/// More than any of the calls needs.
const MANY: usize = 10_000;

/// A call that is dropped once it has been polled so many times.
struct Dropped<F> {
    call: Option<Pin<Box<F>>>,
    polls: usize,
}

impl<F: Future> Future for Dropped<F> {
    /// `None` where it was dropped before its end.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(call) = &mut self.call else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(end) = call.as_mut().poll(cx) {
            return Poll::Ready(Some(end));
        }
        self.polls -= 1;
        if self.polls > 0 {
            return Poll::Pending;
        }
        self.call = None;
        Poll::Ready(None)
    }
}

/// The service and the storage, which answer whatever comes as often as it comes.
struct Servers {
    service: ScriptedServer,
    /// It listens for as long as it is kept.
    _storage: ScriptedServer,
}

impl Servers {
    async fn new(kind: Kind) -> Self {
        let storage = ScriptedServer::with_handler(move |_| {
            let (status, body) = kind.right_answer();
            Script::response(status, &[("content-type", "text/plain")], &body)
        });
        let storage = storage.await;
        let url = storage.url().to_owned();
        let service = ScriptedServer::with_handler(move |request| {
            let right = || Script::json(kind.right_answer().0, &kind.right_answer().1);
            match kind {
                _ if request.path.ends_with("/complete") => call::completed(),
                Kind::Read | Kind::Create => right(),
                Kind::Wait | Kind::Page if kind.meets(request) => right(),
                _ => kind.before(&url, 1).remove(0),
            }
        });
        Self {
            service: service.await,
            _storage: storage,
        }
    }

    /// How many requests that change something have arrived whole.
    fn changes(&self, kind: Kind) -> usize {
        let received = self.service.requests().into_iter();
        let change = |path: &str| match kind {
            Kind::Upload => path.ends_with("/complete"),
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

/// Drops the call after so many polls, makes another one if asked to, and tells whether the first had come to its end.
fn dropped_after(kind: Kind, polls: usize, again: bool) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = Folder::new(&SECRET.repeat(1000));
    let path = folder.path();
    let place = format!("{kind:?} after {polls} polls");
    let ended = runtime.block_on(async {
        let servers = Servers::new(kind).await;
        let clock = ManualClock::new();
        let settings = Client::builder()
            .api_key(KEY)
            .base_url(servers.service.url())
            .clock(clock.clone());
        let client = settings.build().unwrap();
        let first = Dropped {
            call: Some(Box::pin(kind.make(client.clone(), path))),
            polls,
        };
        let ended = passing(&clock, first).await;
        if let Some(end) = &ended {
            assert_eq!(*end.as_ref().unwrap(), "ok", "{place}");
        }
        if again {
            let next = passing(&clock, kind.make(client, path)).await;
            assert_eq!(next.unwrap(), "ok", "{place}, and then once more");
        }
        let is_change = matches!(kind, Kind::Create | Kind::Upload);
        let changes = servers.changes(kind);
        let possible = usize::from(again && is_change)..=usize::from(again) + 1;
        assert!(possible.contains(&changes), "{place}: {changes} changes");
        ended.is_some()
    });
    // It waits for what is done on other threads.
    drop(runtime);
    // A file is there whole: the new one, or the one before unless the new one has to be.
    let kept = folder.kept(&place);
    let is_downloaded = again && kind == Kind::Download;
    let is_whole = kept == CONTENT || (kept == BEFORE && !is_downloaded);
    assert!(is_whole, "{place}: {kept}");
    ended
}

/// Lets time pass for a call.
async fn passing<F: Future>(clock: &ManualClock, call: F) -> F::Output {
    let mut call = std::pin::pin!(call);
    loop {
        tokio::select! {
            biased;
            end = &mut call => return end,
            _ = clock.pass(std::time::Duration::from_secs(70)) => {}
        }
    }
}

#[test]
fn a_call_that_is_dropped_at_any_await_leaves_nothing_half_done() {
    listen();
    for kind in Kind::ALL {
        for again in [false, true] {
            let end = (1..MANY).find(|polls| dropped_after(kind, *polls, again));
            let end = end.expect("it never comes to its end");
            assert!(end > 2, "{kind:?} has been dropped at {end} points only");
        }
    }
}
