//! Instants in the forms in which services write them.

use fastrand::Rng;

/// What stands behind the seconds, and between date and time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) name: &'static str,
    separator: char,
    tail: &'static str,
}

const fn form(name: &'static str, separator: char, tail: &'static str) -> Form {
    Form {
        name,
        separator,
        tail,
    }
}

/// The forms of RFC 3339, and behind them two without an offset.
const FORMS: [Form; 6] = [
    form("in UTC", 'T', "Z"),
    form("with a fraction", 'T', ".123456Z"),
    form("east of Greenwich", 'T', "+05:30"),
    form("west of Greenwich", 'T', ".5-08:00"),
    form("without an offset", 'T', ".123456"),
    form("without an offset, by a space", ' ', ""),
];

/// The forms that are valid, or those that are met as well.
pub(super) fn forms(with_invalid: bool) -> &'static [Form] {
    if with_invalid { &FORMS } else { &FORMS[..4] }
}

pub(super) fn draw(random: &mut Rng, form: Form) -> String {
    format!(
        "{}-{:02}-{:02}{}{:02}:{:02}:{:02}{}",
        random.u32(1970..2100),
        random.u32(1..=12),
        random.u32(1..=28),
        form.separator,
        random.u32(..24),
        random.u32(..60),
        random.u32(..60),
        form.tail
    )
}
