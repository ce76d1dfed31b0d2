//! `predict --keep` and `--probabilities`: which columns a file of predictions has.

use std::fmt::Write;

use crate::program::Place;
use crate::tables;

/// A classifier, and new rows with an id, a text with a comma, and an odd number.
fn place() -> Place {
    let place = Place::new();
    place.write("data.csv", tables::classes(60));
    place.succeed(
        "train data.csv --target species --task classification --epochs 2 --out out --quiet",
    );
    place.write("new.csv", "id,note,x,y\n007,\"a, b\",0.5,0.25\n08,,1.50,2e-1\n");
    place
}

#[test]
fn kept_columns_come_first_and_as_they_are() {
    let place = place();
    place.succeed("predict out new.csv --out plain.csv");
    place.succeed("predict out new.csv --out p.csv --keep id,note --keep x --probabilities no");
    let plain = place.text("plain.csv");
    let classes: Vec<&str> =
        plain.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let expected =
        format!("id,note,x,prediction\n007,\"a, b\",0.5,{}\n08,,1.50,{}\n", classes[0], classes[1]);
    assert_eq!(place.text("p.csv"), expected);
    // The probabilities come last.
    place.succeed("predict out new.csv --out q.csv --keep id");
    let lines = plain.lines().zip(["id", "007", "08"]);
    let expected = lines.fold(String::new(), |mut text, (line, id)| {
        writeln!(text, "{id},{line}").unwrap();
        text
    });
    assert_eq!(place.text("q.csv"), expected);
    assert_eq!(place.succeed("predict out new.csv --out - --keep id").stdout, expected);
}

/// Spaces do not count for a prediction, but an id with them is another id.
#[test]
fn kept_columns_keep_their_spaces() {
    let place = place();
    let rows = ["id,note,x,y", " sp , ,0.5,0.25", "7,\" a,b\", 0.5 ,0.25", "\u{a0}8,b, 0.50,.25 "];
    place.write("new.csv", rows.join("\n") + "\n");
    place.succeed("predict out new.csv --out p.csv --keep id,note,x,y --probabilities no");
    let kept = place.text("p.csv");
    let kept: Vec<&str> = kept.lines().map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert_eq!(kept, rows);
    // The same in a file without quotes, which is read in another way.
    place.write("new.csv", "id,x,y\n sp ,0.5, 0.25\n\t7,0.5,0.25\n");
    place.succeed("predict out new.csv --out p.csv --keep y,id --probabilities no");
    let kept = place.text("p.csv");
    let kept: Vec<&str> = kept.lines().map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert_eq!(kept, ["y,id", " 0.25, sp ", "0.25,\t7"]);
}

#[test]
fn a_kept_column_has_to_be_there_and_to_have_a_name_of_its_own() {
    let place = place();
    let line = place.fail(1, "predict out new.csv --out p.csv --keep name");
    assert!(line.starts_with("new.csv: ") && line.contains("\"name\""), "{line}");
    let line = place.fail(1, "predict out new.csv --out p.csv --keep id,id");
    assert!(line.contains("\"id\""), "{line}");
    place.write("new.csv", "prediction,x,y\n1,0.5,0.25\n");
    let line = place.fail(1, "predict out new.csv --out p.csv --keep prediction");
    assert!(line.contains("\"prediction\""), "{line}");
    assert!(!place.path().join("p.csv").exists());
    assert_eq!(place.nnfs("predict out new.csv --out p.csv --probabilities maybe").code, Some(2));
}

#[test]
fn the_predictions_of_a_training_need_no_probabilities_either() {
    let place = place();
    place.succeed(
        "train data.csv --target species --task classification --epochs 2 --out out --quiet \
         --probabilities no",
    );
    let (header, rows) = place.rows("out/predictions.csv");
    assert_eq!(header, ["row", "target", "prediction"]);
    assert_eq!(rows.len(), 12);
}

/// A prediction that cannot be made leaves the old file, although rows before it have been written.
#[test]
fn a_row_that_cannot_be_predicted_leaves_the_old_file() {
    let place = place();
    let mut rows = "x,y\n".to_owned();
    (0..30_000).for_each(|row| writeln!(rows, "0.{row},0.5").unwrap());
    place.write("new.csv", rows + "word,0.5\n");
    place.write("p.csv", "old");
    let line = place.fail(1, "predict out new.csv --out p.csv");
    assert!(line.starts_with("new.csv, line 30002"), "{line}");
    assert_eq!(place.text("p.csv"), "old");
    assert_eq!(place.names("."), ["data.csv", "new.csv", "out", "p.csv"]);
    let refused = place.nnfs("predict out new.csv --out -");
    assert_eq!((refused.code, &*refused.stdout), (Some(1), ""), "{refused:?}");
}
