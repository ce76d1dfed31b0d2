// Trains and saves networks, and writes what the module predicts with them, for the comparison with the
// native program.
//
//     node saved.mjs chapter.wasm FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, start } from "./module.mjs";

const ask = await start(process.argv[2]);
const folder = process.argv[3];
const formula = { kind: "formula", text: "100 + x^2 * sin(x)", from: -4, to: 9, samples: 300 };
const sessions = {
  numpy: { arithmetic: "numpy" },
  f32: { arithmetic: "f32" },
  scaled: { arithmetic: "f32", data: formula },
};
for (const [name, settings] of Object.entries(sessions)) {
  const created = must(ask({ request: "create", settings }));
  const { session, grid } = created;
  must(ask({ request: "train", session, epochs: 300 }));
  const { y } = must(ask({ request: "predict", session, x: grid.x }));
  const saved = must(ask({ request: "save", session }));
  writeFileSync(join(folder, `${name}.safetensors`), saved.file);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ x: grid.x, y }));
}
console.log(`saved: ${Object.keys(sessions).join(", ")}`);
