//! Requests that have no answer.

use nnfs_live::Live;
use serde_json::json;

use crate::common::{create, must, refusal, small};

#[test]
fn bad_requests_are_refused_with_sentences() {
    let mut live = Live::new();
    for (request, file, word) in [
        (json!("describe"), "", "request"),
        (json!({ "request": "dance" }), "", "dance"),
        (json!({ "request": "train", "session": 1, "epochs": 1 }), "", "number 1"),
        (json!({ "request": "train", "session": -1, "epochs": 1 }), "", "request"),
        (json!({ "request": "train", "session": 1 }), "", "epochs"),
        (json!({ "request": "table" }), "", "empty"),
        (json!({ "request": "table" }), "a,b\n1\n", "line 2"),
        (json!({ "request": "formula", "text": "1 +" }), "", "ends"),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "table", "x": "a", "y": "b" } } }),
            "",
            "CSV",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "table", "x": "a", "y": "c" } } }),
            "a,b\n1,2\n2,3\n",
            "\"c\"",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "table", "x": "a", "y": "b" } } }),
            "a,b\n1,dog\n2,cat\n",
            "dog",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "points", "points": [[1, 2]] } } }),
            "",
            "points",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "points", "points": [[1, 2], [1, 3]] } } }),
            "",
            "different",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "formula", "text": "1/0", "from": 0, "to": 1, "samples": 400 } } }),
            "",
            "1 / 0 has no finite value for any of the 400 x.",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "formula", "text": "ln(x)", "from": -1, "to": 1, "samples": 2 } } }),
            "",
            "for only one of the 2 x",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "formula", "text": "x", "from": 0, "to": 1, "samples": 1 } } }),
            "",
            "Number of points",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "cosine" } } }),
            "",
            "cosine",
        ),
        (
            json!({ "request": "create", "settings": { "data": { "kind": "formula", "text": "x", "from": 1, "to": 1, "samples": 9 } } }),
            "",
            "smaller",
        ),
        (
            json!({ "request": "create", "settings": { "hidden": [256, 256, 256, 256, 256], "batch_size": 1, "arithmetic": "numpy" } }),
            "",
            "multiplications",
        ),
        (
            json!({ "request": "lesson", "learning_rates": [], "scales": [1], "seeds": 1 }),
            "",
            "learning rates",
        ),
        (
            json!({ "request": "lesson", "learning_rates": [1], "scales": [-1], "seeds": 1 }),
            "",
            "deviation",
        ),
    ] {
        let (sentence, _) = refusal(&mut live, &request, file.as_bytes());
        assert!(sentence.contains(word), "{request}: {sentence}");
    }
    assert!(live.answer(b"").starts_with(b"{\"error\""));
    assert!(live.answer(&[0xff, 0, 1]).starts_with(b"{\"error\""));
    for _ in 0..16 {
        create(&mut live, &small());
    }
    let asked = json!({ "request": "create", "settings": small() });
    assert!(refusal(&mut live, &asked, &[]).0.contains("16"));
    must(&mut live, &json!({ "request": "drop", "session": 3 }));
    create(&mut live, &small());
}
