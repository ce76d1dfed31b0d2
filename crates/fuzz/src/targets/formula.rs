//! The formula of the live page.

use nnfs_live::Live;
use serde_json::{Value, json};

/// Reads a formula. It is printed in a form that is read as the same formula, and has the same values.
///
/// # Panics
/// If a promise is broken.
pub fn formula(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut live = Live::new();
    let answer = ask(&mut live, &json!({ "request": "formula", "text": text }));
    let Some(printed) = answer["text"].as_str() else {
        let error = answer["error"].as_str().expect("an answer or an error");
        assert!(error.ends_with('.'), "{error}");
        let position = answer["position"].as_u64().expect("an error in a formula has a position");
        assert!(position <= text.chars().count() as u64, "position {position} of {text:?}");
        return false;
    };
    let again = ask(&mut live, &json!({ "request": "formula", "text": printed }));
    // The form with all its spaces may be longer than a formula can be.
    if printed.chars().count() > 500 {
        return true;
    }
    assert_eq!(again["text"], *printed, "{text:?} is printed as {printed:?}");
    let [one, other] = [&*text, printed].map(|text| values(&mut live, text));
    assert_eq!(one, other, "{text:?} has other values than {printed:?}");
    true
}

/// The rows of a session with this formula, or why there are none.
fn values(live: &mut Live, text: &str) -> Value {
    let data = json!({ "kind": "formula", "text": text, "from": -3, "to": 4, "samples": 8 });
    let settings = json!({ "data": data, "hidden": [], "scale": false });
    let mut created = ask(live, &json!({ "request": "create", "settings": settings }));
    let Some(session) = created["session"].as_u64() else { return created["error"].take() };
    let program = ask(live, &json!({ "request": "rust", "session": session }));
    assert!(program["text"].as_str().is_some_and(|text| !text.is_empty()));
    ask(live, &json!({ "request": "drop", "session": session }));
    created["samples"].take()
}

fn ask(live: &mut Live, request: &Value) -> Value {
    let answer = live.answer(request.to_string().as_bytes());
    serde_json::from_slice(&answer).expect("an answer is a line of JSON")
}
