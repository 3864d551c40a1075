//! One fault rule: operation, fault, count and probability.

use fastrand::Rng;
use http::StatusCode;

use super::error::FaultsError;
use super::fault::Fault;
use crate::spec::vendored;

#[derive(Clone, Debug)]
pub(super) struct Rule {
    operation: String,
    fault: Fault,
    /// How many more times the rule applies; `None` for no limit.
    remaining: Option<u64>,
    percent: Option<u8>,
}

impl Rule {
    pub(super) fn parse(text: &str) -> Result<Self, FaultsError> {
        let error = |reason: String| FaultsError {
            rule: text.to_owned(),
            reason,
        };
        let (operation, rest) = text
            .split_once(':')
            .ok_or_else(|| error("there is no `:` between operation and fault".to_owned()))?;
        let is_known = matches!(operation, "*" | "storage");
        if !is_known && vendored().operation(operation).is_none() {
            return Err(error(format!(
                "`{operation}` is not an operation of the spec"
            )));
        }
        let (rest, percent) = match rest.split_once('@') {
            Some((rest, percent)) => (rest, Some(parse_percent(percent).map_err(error)?)),
            None => (rest, None),
        };
        // Splitting at `x` is safe because no fault name contains one.
        let (fault, remaining) = match rest.split_once('x') {
            Some((fault, count)) => (fault, Some(parse_count(count).map_err(error)?)),
            None => (rest, None),
        };
        Ok(Self {
            operation: operation.to_owned(),
            fault: parse_fault(fault).map_err(error)?,
            remaining,
            percent,
        })
    }

    /// Returns the fault if the rule matches the operation and applies this time.
    pub(super) fn apply(&mut self, operation: &str, random: &mut Rng) -> Option<Fault> {
        let matches = match self.operation.as_str() {
            "*" => operation != "storage",
            expected => expected == operation,
        };
        if !matches || self.remaining == Some(0) {
            return None;
        }
        if self
            .percent
            .is_some_and(|percent| random.u8(..100) >= percent)
        {
            return None;
        }
        if let Some(remaining) = &mut self.remaining {
            *remaining -= 1;
        }
        Some(self.fault)
    }
}

fn parse_percent(text: &str) -> Result<u8, String> {
    let number = text
        .strip_suffix('%')
        .and_then(|number| number.parse().ok());
    number
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| format!("`@{text}` is not between @1% and @100%"))
}

fn parse_count(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|count| *count > 0);
    number.ok_or_else(|| format!("`x{text}` is not a count of at least 1"))
}

fn parse_fault(text: &str) -> Result<Fault, String> {
    let (status, retry_after) = match text.split_once('+') {
        Some((status, seconds)) => {
            let number = seconds.parse();
            let number = number.map_err(|_| format!("`+{seconds}` is not a number of seconds"))?;
            (status, Some(number))
        }
        None => (text, None),
    };
    if let Ok(number) = status.parse::<u16>() {
        return match StatusCode::from_u16(number) {
            Ok(status) if (400..600).contains(&number) => Ok(Fault::Status(status, retry_after)),
            _ => Err(format!("`{number}` is not a status from 400 to 599")),
        };
    }
    match (status, retry_after) {
        ("html", None) => Ok(Fault::Html),
        ("reset", None) => Ok(Fault::Reset),
        ("lost", None) => Ok(Fault::Lost),
        ("truncate", None) => Ok(Fault::Truncate),
        ("stall", None) => Ok(Fault::Stall),
        (_, Some(_)) => Err("only a status can set Retry-After".to_owned()),
        _ => Err(format!("`{text}` is not a fault")),
    }
}
