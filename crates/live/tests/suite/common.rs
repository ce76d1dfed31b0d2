//! Questions and answers, as the page has them.

use nnfs_live::Live;
use serde_json::{Value, json};

/// Asks for an answer and its file.
pub(crate) fn ask_with(live: &mut Live, request: &Value, file: &[u8]) -> (Value, Vec<u8>) {
    let mut bytes = request.to_string().into_bytes();
    if !file.is_empty() {
        bytes.push(b'\n');
        bytes.extend(file);
    }
    let answer = live.answer(&bytes);
    let end = answer.iter().position(|&byte| byte == b'\n').unwrap_or(answer.len());
    let json = serde_json::from_slice(&answer[..end]).expect("an answer is JSON");
    (json, answer.get(end + 1..).unwrap_or_default().to_vec())
}

/// Asks for an answer without a file.
pub(crate) fn ask(live: &mut Live, request: &Value) -> Value {
    ask_with(live, request, &[]).0
}

/// Asks what must be answered.
pub(crate) fn must(live: &mut Live, request: &Value) -> Value {
    let answer = ask(live, request);
    assert!(answer.get("error").is_none(), "{request}: {answer}");
    answer
}

/// A session with these settings: its number, and what it is.
pub(crate) fn create(live: &mut Live, settings: &Value) -> (Value, Value) {
    let created = must(live, &json!({ "request": "create", "settings": settings }));
    (created["session"].clone(), created)
}

/// The sentence and the field of a refusal.
pub(crate) fn refusal(live: &mut Live, request: &Value, file: &[u8]) -> (String, Option<String>) {
    let (answer, _) = ask_with(live, request, file);
    let sentence = answer["error"].as_str().unwrap_or_else(|| panic!("{request}: {answer}"));
    assert!(sentence.ends_with('.') && !sentence.starts_with(char::is_lowercase), "{sentence}");
    (sentence.to_owned(), answer["field"].as_str().map(str::to_owned))
}

/// The numbers of a list.
pub(crate) fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().expect("a list");
    list.iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

/// A small regression.
pub(crate) fn small() -> Value {
    json!({
        "data": { "kind": "sine", "samples": 50 }, "hidden": [8, 4], "epochs": 300, "seed": 3,
    })
}

/// Trains some epochs.
pub(crate) fn train(live: &mut Live, session: &Value, epochs: usize) -> Value {
    must(live, &json!({ "request": "train", "session": session, "epochs": epochs }))
}
