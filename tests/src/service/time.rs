//! Instants as the service writes them.

use chrono::{DateTime, SecondsFormat, Utc};

/// RFC 3339, in UTC.
pub(crate) fn text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
