//! Answers and refusals, and how they become bytes.

use serde::Serialize;

/// An answer: one line of JSON, and perhaps a file.
#[derive(Debug)]
pub(crate) struct Answer {
    json: Vec<u8>,
    file: Option<Vec<u8>>,
}

impl Answer {
    /// An answer without a file.
    pub(crate) fn of(content: &impl Serialize) -> Self {
        let failed = |error: serde_json::Error| {
            serde_json::json!({ "error": error.to_string(), "field": null })
                .to_string()
                .into_bytes()
        };
        Self { json: serde_json::to_vec(content).unwrap_or_else(failed), file: None }
    }

    /// The answer with a file.
    pub(crate) fn with_file(self, file: Vec<u8>) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The line of JSON; a file follows it after a newline.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.json;
        if let Some(file) = self.file {
            bytes.push(b'\n');
            bytes.extend(file);
        }
        bytes
    }
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Refusal {
    /// A sentence.
    error: String,
    /// The setting that is wrong.
    field: Option<&'static str>,
    /// Where in the text of the setting it is wrong: a character, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<usize>,
}

impl Refusal {
    /// A refusal that belongs to no setting.
    // `map_err` passes an error by value.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn new(error: impl ToString) -> Self {
        Self { error: sentence(&error.to_string()), field: None, position: None }
    }

    /// A refusal of a setting.
    pub(crate) fn of(field: &'static str, error: impl ToString) -> Self {
        Self { field: Some(field), ..Self::new(error) }
    }

    /// The refusal of a text that is wrong at a character.
    pub(crate) fn at(self, position: usize) -> Self {
        Self { position: Some(position), ..self }
    }

    /// The sentence.
    pub(crate) fn error(&self) -> &str {
        &self.error
    }
}

/// The text of an error of a library as a sentence: with a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim_end().chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let mut sentence = first + letters.as_str();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// Makes a refusal of the errors of a library.
pub(crate) trait OrRefuse<T> {
    /// The value, or the refusal of this setting.
    fn or_refuse(self, field: &'static str) -> Result<T, Refusal>;
}

impl<T, E: ToString> OrRefuse<T> for Result<T, E> {
    fn or_refuse(self, field: &'static str) -> Result<T, Refusal> {
        self.map_err(|error| Refusal::of(field, error))
    }
}

/// For `map_err`.
pub(crate) fn refused(error: impl ToString) -> Refusal {
    Refusal::new(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("learning rate must be finite"), "Learning rate must be finite.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn a_file_follows_the_line() {
        let answer = Answer::of(&serde_json::json!({ "bytes": 2 })).with_file(vec![10, 0]);
        assert_eq!(answer.into_bytes(), b"{\"bytes\":2}\n\n\0");
    }
}
