//! Random settings, sensible and senseless ones: every request is answered, whatever it holds.

use crate::common::{ask, ask_with};
use nnfs_live::Live;
use serde_json::{Value, json};

/// Settings that the default run tries.
const FEW: usize = 1500;

/// xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 8
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 20)
    }

    fn power(&mut self, low: f64, high: f64) -> f64 {
        10.0_f64.powf(low + self.share() * (high - low))
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// A value that is wrong for most settings.
    fn odd(&mut self) -> Value {
        self.pick(&[
            json!(-1),
            json!(0),
            json!(1e9),
            json!(1e300),
            json!(-1e300),
            json!(1e-300),
            json!(0.5),
            json!(null),
            json!(""),
            json!("a"),
            json!(true),
            json!([]),
            json!({}),
            json!(u64::MAX),
            json!([1e300, 2]),
            json!("normal:1e300"),
        ])
    }

    fn data(&mut self) -> Value {
        let samples = 2 + self.below(150);
        match self.below(5) {
            0 => json!({ "kind": "sine", "samples": samples }),
            1 => {
                let text = self.pick(&[
                    "sin(2 pi x)",
                    "1/x",
                    "ln(x)",
                    "exp(exp(x))",
                    "x",
                    "0x",
                    "tan(x)",
                    "sin(",
                    "x +",
                    "|x|",
                    "1e308 * x",
                    "x^x^x",
                    "",
                    "0/0",
                    "sign(x)",
                ]);
                let (from, to) = (-self.power(-2.0, 300.0), self.power(-2.0, 300.0));
                json!({ "kind": "formula", "text": text, "from": from, "to": to, "samples": samples })
            }
            2 => {
                let coordinates = [0.0, 1.0, -1.0, 0.3, 1e308, -1e308, 1e-308];
                let points = (0..self.below(20)).map(|_| [self.pick(&coordinates), self.share()]);
                json!({ "kind": "points", "points": points.collect::<Vec<_>>() })
            }
            3 => {
                json!({ "kind": "table", "x": self.pick(&["x", "a"]), "y": self.pick(&["y", "b"]) })
            }
            _ => json!({ "kind": "spiral", "classes": 1 + self.below(4), "samples": samples / 3 }),
        }
    }

    fn settings(&mut self) -> Value {
        let numbers = [0.0, self.share(), self.power(-6.0, 9.0)];
        let hidden: Vec<usize> = (0..self.below(4)).map(|_| 1 + self.below(16)).collect();
        let mut all = json!({
            "data": self.data(),
            "scale": self.below(2) == 0,
            "noise": self.pick(&[0.0, 0.5]),
            "outliers": self.pick(&[0.0, 0.1]),
            "hidden": hidden,
            "activation": self.pick(&["relu", "leaky-relu", "tanh", "sigmoid", "linear"]),
            "init": self.pick(&["zeros", "normal:0.1", "normal:1000", "normal:1e30", "he-normal", "glorot-uniform"]),
            "loss": self.pick(&["mse", "mae", "huber", "softmax-cross-entropy", "binary-cross-entropy"]),
            "l1": self.pick(&[0.0, 1e-4, 1e30]),
            "l2": self.pick(&[0.0, 1e-4, 1e30]),
            "dropout": self.pick(&[0.0, 0.5, 0.999_999]),
            "optimizer": self.pick(&["sgd", "adagrad", "rmsprop", "adam", "adamw"]),
            "learning_rate": self.pick(&numbers),
            "decay": self.pick(&numbers),
            "momentum": self.pick(&[0.0, 0.9]),
            "batch_size": self.pick(&[0, 0, 1, 7, 1000]),
            "epochs": 1 + self.below(12),
            "seed": self.below(1000),
            "arithmetic": self.pick(&["numpy", "f32", "f64"]),
        });
        if self.below(3) == 0 {
            let fields: Vec<String> = all.as_object().unwrap().keys().cloned().collect();
            let field = self.pick(&fields);
            all[field] = self.odd();
        }
        all
    }
}

fn try_settings(count: usize, seed: u64) {
    let mut random = Random(seed);
    let mut live = Live::new();
    let tables = [
        "x,y\n1,2\n2,3\n3,5\n",
        "a;b\n1,5;2\n2,5;4\n",
        "x,y\n",
        "",
        "x,y\na,b\nc,d\n",
        "x,y\n1,2\n,3\n4,NA\n",
        "x,y\n1e308,-1e308\n-1e308,1e308\n",
        "x,y\n1,1\n1,1\n",
        "x,y\n2020-01-01,5\n2020-01-02,6\n",
    ];
    let mut sessions = 0;
    for _ in 0..count {
        let file = random.pick(&tables).as_bytes();
        let settings = random.settings();
        let (created, _) =
            ask_with(&mut live, &json!({ "request": "create", "settings": settings }), file);
        let Some(session) = created.get("session") else {
            let sentence = created["error"].as_str().unwrap();
            assert!(sentence.ends_with('.'), "{settings}: {sentence}");
            continue;
        };
        sessions += 1;
        for _ in 0..6 {
            let request = random.pick(&[
                "train", "train", "step", "curve", "regions", "units", "weights", "hinges",
                "verdict", "save", "rust", "check", "predict",
            ]);
            let layer = random.below(4);
            let x = random.pick(&[json!([0.5, 1e300]), json!([[0.1, 1e300]]), json!([]), json!(3)]);
            let epochs = random.pick(&[0, 1, 3, usize::MAX]);
            let asked = json!({
                "request": request, "session": session, "layer": layer, "epochs": epochs, "x": x,
            });
            let answer = ask_with(&mut live, &asked, &[]).0;
            if let Some(error) = answer.get("error") {
                assert!(error.as_str().unwrap().ends_with('.'), "{asked}: {answer}");
            }
        }
        ask(&mut live, &json!({ "request": "drop", "session": session }));
    }
    assert!(sessions > count / 4, "{sessions} sessions of {count}");
}

#[test]
fn random_settings_are_answered() {
    try_settings(FEW, 1);
}

/// `cargo test -p nnfs-live --test suite -- --ignored`
#[test]
#[ignore = "takes ten seconds and more"]
fn ten_thousand_random_settings_are_answered() {
    try_settings(10_000, 2);
}
