// Trains the nine runs of the chapter in the arithmetic of the book, and compares every golden row and every
// printed line. Then measures the speed of f32.
//
//     node book.mjs chapter.wasm
import { performance } from "node:perf_hooks";
import { ensure, must, start } from "./module.mjs";

const ask = await start(process.argv[2]);
const { runs } = must(ask({ request: "describe" }));
const total = { golden_rows: 0, printed_lines: 0, really_printed_lines: 0 };
const ticks = { lines: 0, matches: 0 };
const begin = performance.now();
for (const run of runs) {
  const created = must(ask({ request: "create", settings: run.settings }));
  const { session } = created;
  ensure(created.run === run.run && created.ticks, `run ${run.run} is not recognized`);
  for (let done = false; !done; ) {
    const trained = must(ask({ request: "train", session, epochs: 500 }));
    ensure(trained.diverged === null, `run ${run.run}: ${trained.diverged}`);
    for (const line of trained.lines) {
      ticks.lines += 1;
      ticks.matches += line.matches ? 1 : 0;
    }
    done = trained.done;
  }
  const checked = must(ask({ request: "check", session }));
  for (const name of Object.keys(total)) total[name] += checked[name];
  must(ask({ request: "drop", session }));
  const spent = (performance.now() - begin) / 1000;
  console.log(`run ${run.run}: ${checked.golden_rows} golden rows, after ${spent.toFixed(0)} s`);
}
const seconds = (performance.now() - begin) / 1000;
console.log(
  `the book's digits: ${total.golden_rows} golden rows, ${total.printed_lines} lines as printed, ` +
    `${total.really_printed_lines} as run 5 prints, ${ticks.matches} of ${ticks.lines} lines ticked, ` +
    `${(90009 / seconds).toFixed(0)} epochs a second`,
);
ensure(total.golden_rows === 909, "909 golden rows");
ensure(total.printed_lines === 41 && total.really_printed_lines === 4, "45 printed lines");
ensure(ticks.lines === 909 && ticks.matches === 909, "every line is ticked");

for (const arithmetic of ["f32", "f64"]) {
  const { session } = must(ask({ request: "create", settings: { arithmetic } }));
  must(ask({ request: "train", session, epochs: 50 }));
  const from = performance.now();
  must(ask({ request: "train", session, epochs: 500 }));
  const speed = 500_000 / (performance.now() - from);
  console.log(`${arithmetic}: ${speed.toFixed(0)} epochs a second of 1-64-64-1 at 1000 samples`);
}
