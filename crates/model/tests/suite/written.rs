//! A history is the same after it was written and read.

#![cfg(feature = "serde")]

use nnfs_model::{End, Epoch, Evaluation, History};

#[test]
fn a_history_is_read_as_it_was_written() {
    let epoch = Epoch {
        epoch: 0,
        data_loss: 0.1,
        penalty: 1e-300,
        metrics: vec![
            ("r2".to_owned(), 0.3),
            ("lowest".to_owned(), f64::NEG_INFINITY),
            ("highest".to_owned(), f64::INFINITY),
        ],
        validation: Some(Evaluation { loss: 0.2, metrics: Vec::new() }),
        judged_loss: Some(0.2),
        learning_rate: 1e-3,
        gradient_norm: 1.0 / 3.0,
        seconds: 0.5,
    };
    let end = End::StoppedEarly { best_epoch: 0 };
    let history = History { epochs: vec![epoch], end, restored: Some(0) };
    let text = serde_json::to_string(&history).unwrap();
    assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    assert!(text.contains(r#"[["r2",0.3],["lowest","-inf"],["highest","inf"]]"#), "{text}");
    assert!(text.contains(r#""end":{"stopped_early":{"best_epoch":0}}"#), "{text}");
}

/// An optimizer of a user may have no learning rate.
#[test]
fn a_learning_rate_that_is_nan_is_read_as_nan() {
    let epoch = Epoch { learning_rate: f64::NAN, ..Epoch::new(0) };
    let text = serde_json::to_string(&epoch).unwrap();
    assert!(text.contains(r#""learning_rate":"NaN""#), "{text}");
    assert!(serde_json::from_str::<Epoch>(&text).unwrap().learning_rate.is_nan());
}

#[test]
fn a_metric_that_is_nan_is_read_as_nan() {
    let evaluation = Evaluation { loss: 0.2, metrics: vec![("r2".to_owned(), f64::NAN)] };
    let text = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(text, r#"{"loss":0.2,"metrics":[["r2","NaN"]]}"#);
    let read: Evaluation = serde_json::from_str(&text).unwrap();
    assert!(read.metric("r2").unwrap().is_nan());
}

#[test]
fn a_loss_that_is_not_finite_is_read_as_it_was_written() {
    for (loss, name) in [(f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf"), (f64::NAN, "NaN")] {
        let text = serde_json::to_string(&Evaluation { loss, metrics: Vec::new() }).unwrap();
        assert_eq!(text, format!(r#"{{"loss":"{name}","metrics":[]}}"#));
        let read: Evaluation = serde_json::from_str(&text).unwrap();
        assert_eq!(read.loss.total_cmp(&loss), std::cmp::Ordering::Equal);
    }
}
