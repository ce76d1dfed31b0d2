//! What is learnt from data can be saved, and what was tampered with is refused.
#![cfg(feature = "serde")]

use nnfs_datasets::{
    ClippedScaler, Columns, CsvError, Encoder, Labels, MinMaxScaler, StandardScaler, Table,
};
use serde_json::{from_str, to_string};

#[test]
fn encoders() {
    let rows = [["1.5", "red", "yes"], ["2.5", "blue", "no"]];
    let table = Table::from_rows("pens", &["length", "color", "dry"], rows).unwrap();
    for columns in [Columns::classification("dry"), Columns::regression(["length"])] {
        let encoder = Encoder::fit(&table, &columns).unwrap();
        let saved = to_string(&encoder).unwrap();
        assert_eq!(from_str::<Encoder>(&saved).unwrap(), encoder, "{saved}");
    }
    let encoder = Encoder::fit(&table, &Columns::classification("dry")).unwrap();
    assert_eq!(
        to_string(&encoder).unwrap(),
        concat!(
            r#"{"inputs":[{"name":"length","coding":"Number"},"#,
            r#"{"name":"color","coding":{"OneHot":["blue","red"]}}],"#,
            r#""target":{"Classes":{"name":"dry","labels":["no","yes"]}}}"#
        )
    );
}

/// How numbers are written is saved where they are not plain.
#[test]
fn number_formats() {
    let rows = [["18%", "1"], ["20%", "2"]];
    let table = Table::from_rows("t", &["a", "y"], rows).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    let saved = to_string(&encoder).unwrap();
    assert!(saved.ends_with(r#","number_format":{"decimal":".","units":{"a":"%"}}}"#), "{saved}");
    assert_eq!(from_str::<Encoder>(&saved).unwrap(), encoder);
    assert_eq!(encoder.number_format().unit("a"), Some("%"));
    let plain = Table::from_rows("new", &["a"], [["0.18"]]).unwrap();
    let error = encoder.inputs::<f64>(&plain).unwrap_err();
    assert!(matches!(error, CsvError::OtherUnit { unit: None, .. }), "{error}");
}

/// An entry that is not listed in docs/file-format.md is an error, and both spellings are read.
#[test]
fn entries_of_encoders() {
    let saved =
        r#"{"inputs":[{"name":"a","coding":"Number"},{"name":"b","coding":{"OneHot":["x"]}}],"#;
    let classes = r#""target":{"Classes":{"name":"y","labels":["0","1"]}}}"#;
    let read = |text: &str| from_str::<Encoder>(text);
    let encoder = read(&format!("{saved}{classes}")).unwrap();
    let lower = format!("{saved}{classes}").replace("OneHot", "one_hot");
    let lower = lower.replace(r#""Number""#, r#""number""#).replace("Classes", "classes");
    assert_eq!(read(&lower).unwrap(), encoder);
    assert!(read(&format!(r#"{saved}"target":{{"numbers":["y"]}}}}"#)).is_ok());
    for (place, extra) in [
        (r#"{"inputs""#, r#"{"more":1,"inputs""#),
        (r#"{"name":"a""#, r#"{"more":1,"name":"a""#),
        (r#"{"name":"y""#, r#"{"more":1,"name":"y""#),
    ] {
        let error = read(&format!("{saved}{classes}").replace(place, extra)).unwrap_err();
        assert!(error.to_string().contains("`more`"), "{error}");
    }
}

#[test]
fn labels() {
    let labels = Labels::new(["10", "9"]);
    let saved = to_string(&labels).unwrap();
    assert_eq!(saved, r#"["9","10"]"#);
    assert_eq!(from_str::<Labels>(&saved).unwrap(), labels);
    // Numbers that are words.
    let words = Labels::words(["10", "9"]);
    let saved = to_string(&words).unwrap();
    assert_eq!(saved, r#"{"words":["9","10"]}"#);
    assert_eq!(from_str::<Labels>(&saved).unwrap(), words);
    assert_eq!(to_string(&Labels::words(Vec::<&str>::new())).unwrap(), "[]");
    let error = from_str::<Labels>(r#"["10","9"]"#).unwrap_err().to_string();
    assert!(error.contains("sorted"), "{error}");
}

#[test]
fn scalers() {
    let scaler = StandardScaler::from_parts(vec![1.5, 2.0], vec![0.5, 1.0]).unwrap();
    let saved = to_string(&scaler).unwrap();
    assert_eq!(saved, r#"{"means":[1.5,2.0],"deviations":[0.5,1.0]}"#);
    assert_eq!(from_str::<StandardScaler>(&saved).unwrap(), scaler);
    let error = from_str::<StandardScaler>(&saved.replace("0.5", "0")).unwrap_err();
    assert_eq!(error.to_string(), "deviations must be finite and above 0, found 0");

    let scaler = MinMaxScaler::from_parts(vec![1.5], vec![0.5]).unwrap().range(-1.0, 1.0).unwrap();
    let saved = to_string(&scaler).unwrap();
    assert_eq!(from_str::<MinMaxScaler>(&saved).unwrap(), scaler);
    assert!(from_str::<MinMaxScaler>(&saved.replace("-1.0", "1.0")).is_err());
    assert!(from_str::<MinMaxScaler>(&saved.replacen('{', r#"{"more":1,"#, 1)).is_err());
    let standard = StandardScaler::from_parts(vec![1.5, 2.0], vec![0.5, 1.0]).unwrap();
    let scaler = ClippedScaler::from_parts(standard, vec![None, Some((-1.0, 4.5))]).unwrap();
    let saved = to_string(&scaler).unwrap();
    let expected = r#"{"means":[1.5,2.0],"deviations":[0.5,1.0],"limits":[null,[-1.0,4.5]]}"#;
    assert_eq!(saved, expected);
    assert_eq!(from_str::<ClippedScaler>(&saved).unwrap(), scaler);
    assert!(from_str::<ClippedScaler>(&saved.replace("4.5", "-1.5")).is_err());
    assert!(from_str::<ClippedScaler>(&saved.replace("null,", "")).is_err());

    let saved = r#"{"more":1,"means":[1.5],"deviations":[0.5]}"#;
    assert!(from_str::<StandardScaler>(saved).is_err());
}
