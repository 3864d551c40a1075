//! A subscriber that keeps what `tracing` is recorded.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The fields of a span or an event, by name.
pub type Fields = BTreeMap<&'static str, String>;

/// Everything that is told, in order: spans with what is recorded on them, and events.
#[derive(Clone, Default)]
pub struct TraceRecorder(Arc<Mutex<Vec<(&'static str, Fields)>>>);

impl TraceRecorder {
    fn begin(&self, name: &'static str, record: impl FnOnce(&mut Recorded<'_>)) -> u64 {
        let mut recorded = self.0.lock().unwrap();
        let mut fields = Fields::new();
        record(&mut Recorded(&mut fields));
        recorded.push((name, fields));
        recorded.len() as u64
    }

    /// Everything, as text.
    #[must_use]
    pub fn all(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }

    /// The fields of all spans of this name.
    #[must_use]
    pub fn spans(&self, name: &str) -> Vec<Fields> {
        let recorded = self.0.lock().unwrap();
        let named = recorded.iter().filter(|(found, _)| *found == name);
        named.map(|(_, fields)| fields.clone()).collect()
    }
}

struct Recorded<'a>(&'a mut Fields);

impl Visit for Recorded<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for TraceRecorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let name = span.metadata().name();
        Id::from_u64(self.begin(name, |fields| span.record(fields)))
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut recorded = self.0.lock().unwrap();
        let place = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Recorded(&mut recorded[place].1));
    }

    fn event(&self, event: &Event<'_>) {
        self.begin("event", |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
