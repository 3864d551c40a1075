//! Untrusted text in one-line messages.

use std::fmt::{self, Write as _};

/// The maximum length of an excerpt, in characters.
const LIMIT: usize = 300;

/// Displays text on one line, with control characters escaped.
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

/// Displays untrusted text on one line, with control characters escaped and truncated to 300 characters.
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
    if needs_escape(character) {
        write!(f, "{}", character.escape_default())
    } else {
        f.write_char(character)
    }
}

/// Returns whether a character is a control character, a line separator, or a bidirectional formatting mark.
fn needs_escape(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn escapes_control_characters() {
        assert_eq!(
            Excerpt("a\nb\u{1b}[31m\u{202e}").to_string(),
            "a\\nb\\u{1b}[31m\\u{202e}"
        );
    }

    #[test]
    fn truncates_long_text_at_a_character() {
        let displayed = Excerpt(&"ü".repeat(301)).to_string();
        assert_eq!(displayed, format!("{}...", "ü".repeat(300)));
        assert_eq!(Excerpt(&"ü".repeat(300)).to_string(), "ü".repeat(300));
    }
}
