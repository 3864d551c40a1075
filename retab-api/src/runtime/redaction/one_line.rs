//! Text of others in a line of ours.

use std::fmt::{self, Write as _};

/// How much of a text is shown, in characters.
const LIMIT: usize = 300;

/// Text as it may stand in one line of a log: control characters escaped.
///
/// ```
/// use retab_api::runtime::OneLine;
///
/// assert_eq!(OneLine("no\npages").to_string(), r"no\npages");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OneLine<'a>(pub &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| write(f, character))
    }
}

/// Text from outside, as it may stand in one line of a log: control characters escaped, the end
/// cut off after 300 characters.
#[derive(Debug)]
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(LIMIT) {
            write(f, character)?;
        }
        if characters.next().is_some() {
            f.write_str("...")?;
        }
        Ok(())
    }
}

fn write(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    if is_unsafe_in_a_line(character) {
        write!(f, "{}", character.escape_default())
    } else {
        f.write_char(character)
    }
}

/// Control characters, line separators, and the marks that reverse the direction of a terminal.
fn is_unsafe_in_a_line(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            Excerpt("a\nb\u{1b}[31m\u{202e}").to_string(),
            "a\\nb\\u{1b}[31m\\u{202e}"
        );
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let shown = Excerpt(&"ü".repeat(301)).to_string();
        assert_eq!(shown, format!("{}...", "ü".repeat(300)));
        assert_eq!(Excerpt(&"ü".repeat(300)).to_string(), "ü".repeat(300));
    }
}
