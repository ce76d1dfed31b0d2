// Writes programs that the module exports, each with the loss that the module computes, for the comparison
// with what they print.
//
//     node programs.mjs chapter.wasm FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, start } from "./module.mjs";

const ask = await start(process.argv[2]);
const folder = process.argv[3];
const formula = { kind: "formula", text: "relu(x) sign(x) + sigmoid(x)^2 - sin(2 pi x)", from: -3, to: 3, samples: 100 };
const sessions = {
  defaults: {},
  formula: { data: formula, noise: 0.1, outliers: 0.05, activation: "tanh", l2: 1e-4, dropout: 0.1, batch_size: 32,
    optimizer: "sgd", init: "glorot-uniform", arithmetic: "f64" },
  spiral: { data: { kind: "spiral", classes: 3, samples: 50 }, noise: 0.1, outliers: 0.1, activation: "leaky-relu",
    init: "normal:0.2", optimizer: "adamw", arithmetic: "numpy" },
  classes: { data: { kind: "spiral", classes: 2, samples: 50 }, activation: "linear", init: "he-normal",
    optimizer: "rmsprop", l1: 1e-5 },
  points: { data: { kind: "points", points: [[0, 1], [1, 2], [2, 5.5]] }, activation: "sigmoid", loss: "huber",
    optimizer: "adagrad", init: "zeros" },
  table: { data: { kind: "table", x: "0", y: "1" }, noise: 0.1, init: "he-normal", arithmetic: "f64" },
};
// Without a header, with decimal commas, and with a row that is left out.
const table = Buffer.from("0,5;1,5\n1,5;2\n;3\n2,5;7,25\n4,5;1\n");
writeFileSync(join(folder, "data.csv"), table);
const losses = {};
for (const [name, settings] of Object.entries(sessions)) {
  const { session } = must(ask({ request: "create", settings: { ...settings, epochs: 20 } }, table));
  const { text } = must(ask({ request: "rust", session }));
  const { loss } = must(ask({ request: "train", session, epochs: 20 }));
  writeFileSync(join(folder, `${name}.rs`), text);
  losses[name] = loss;
}
writeFileSync(join(folder, "losses.json"), JSON.stringify(losses));
console.log(`exported: ${Object.keys(sessions).join(", ")}`);
