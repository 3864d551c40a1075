//! A `tracing` subscriber that records spans and events.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The fields of a span or an event, by name.
pub type Fields = BTreeMap<&'static str, String>;

/// Records spans and events with their fields, in order.
#[derive(Clone, Default)]
pub struct TraceRecorder(Arc<Mutex<Vec<(&'static str, Fields)>>>);

/// Installs a global `tracing` subscriber. Call it before the first span of the process.
///
/// Callsites cache whether a subscriber is interested when they are first hit. Tests without a subscriber run in parallel,
/// and would otherwise disable them for the test that records traces.
pub fn install_global() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let _ = tracing::subscriber::set_global_default(TraceRecorder::default());
    });
}

impl TraceRecorder {
    fn push(&self, name: &'static str, record: impl FnOnce(&mut FieldVisitor<'_>)) -> u64 {
        let mut recorded = self.0.lock().unwrap();
        let mut fields = Fields::new();
        record(&mut FieldVisitor(&mut fields));
        recorded.push((name, fields));
        recorded.len() as u64
    }

    /// Returns all spans and events as text.
    #[must_use]
    pub fn all(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }

    /// Returns the fields of all spans with this name.
    #[must_use]
    pub fn spans(&self, name: &str) -> Vec<Fields> {
        let recorded = self.0.lock().unwrap();
        let named = recorded.iter().filter(|(found, _)| *found == name);
        named.map(|(_, fields)| fields.clone()).collect()
    }
}

struct FieldVisitor<'a>(&'a mut Fields);

impl Visit for FieldVisitor<'_> {
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
        Id::from_u64(self.push(name, |fields| span.record(fields)))
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut recorded = self.0.lock().unwrap();
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut FieldVisitor(&mut recorded[index].1));
    }

    fn event(&self, event: &Event<'_>) {
        self.push("event", |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
