// Random settings, sensible and senseless ones: every request must be answered, whatever it holds. A trap of
// the module ends this program with an error.
//
//     node settings.mjs chapter.wasm 10000 [seed]
import { ensure, must, start } from "./module.mjs";

const ask = await start(process.argv[2]);
const count = Number(process.argv[3] ?? 300);
const { choices } = must(ask({ request: "describe" }));

// xorshift: the same settings every time.
let state = Number(process.argv[4] ?? 1) | 0 || 1;
const random = () => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
};
const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[whole(0, list.length - 1)];
const often = (usual, rare) => (random() < 0.97 ? usual() : rare());
const power = (low, high) => 10 ** (low + random() * (high - low));
const odd = () => pick([-1, 0, 1e9, 1e300, -1e300, 1e-300, 0.5, null, "", "a", true, [], {}, 2 ** 53]);

const formulas = ["sin(2 pi x)", "x^2", "1/x", "ln(x)", "exp(exp(x))", "x", "0x", "sqrt(-1)", "tan(x)", "sin(",
  "x +", "(((", "|x|", "sign(x)", "1e308 * x", "x^x^x", "π", "y = 2x", "", "0/0", "max(x, 1", "🙂"];
const tables = ["x,y\n1,2\n2,3\n3,5\n", "a;b\n1,5;2\n2,5;4\n", "x,y\n", "", "x,y\na,b\nc,d\n", "x\n1\n2\n",
  "x,y\n1,2\n,3\n4,NA\n5,6\n", "x,y\n1,2,3\n", "x,y\n1e308,-1e308\n-1e308,1e308\n", "x,x\n1,2\n3,4\n",
  "x,y\n2020-01-01,5\n2020-01-02,6\n", "\u0000\u0001", '"x,y\n1,2', "x,y\n1,1\n1,1\n"];
const point = () => often(() => [random() * 2 - 1, random() * 2 - 1], () => [pick([0, 1e308, -1e308, 1e-308]), 0]);

function data() {
  return pick([
    () => ({ kind: "sine", samples: often(() => whole(2, 200), odd) }),
    () => ({ kind: "formula", text: pick(formulas), from: often(() => -power(-2, 2), odd),
      to: often(() => power(-2, 2), odd), samples: often(() => whole(2, 200), odd) }),
    () => ({ kind: "points", points: Array.from({ length: whole(0, 30) }, point) }),
    () => ({ kind: "table", x: pick(["x", "a", "z"]), y: pick(["y", "b", "x"]) }),
    () => ({ kind: "spiral", classes: often(() => whole(2, 3), odd), samples: often(() => whole(2, 60), odd) }),
    odd,
  ])();
}

function settings() {
  const all = {
    data: often(data, () => undefined),
    scale: random() < 0.5,
    noise: often(() => pick([0, random()]), odd),
    outliers: often(() => pick([0, random() / 2]), odd),
    hidden: often(() => Array.from({ length: whole(0, 3) }, () => whole(1, 24)), odd),
    activation: often(() => pick(choices.activation), odd),
    init: often(() => pick([...choices.init, `normal:${power(-4, 3)}`, "normal:0", "normal:1e300"]), odd),
    loss: often(() => pick([...choices.loss, ...choices.classifier_loss]), odd),
    l1: often(() => pick([0, power(-6, 0)]), odd),
    l2: often(() => pick([0, power(-6, 0)]), odd),
    dropout: often(() => pick([0, random()]), odd),
    optimizer: often(() => pick(choices.optimizer).name, odd),
    learning_rate: often(() => power(-5, 9), odd),
    decay: often(() => pick([0, power(-5, 0)]), odd),
    momentum: often(random, odd),
    batch_size: often(() => pick([0, whole(1, 100)]), odd),
    epochs: often(() => whole(1, 20), odd),
    seed: often(() => whole(0, 1000), odd),
    arithmetic: often(() => pick(choices.arithmetic), odd),
  };
  // Some settings are left out, and few have a wrong one only now and then.
  return Object.fromEntries(Object.entries(all).filter(() => random() < 0.7));
}

const found = { sessions: 0, diverged: 0, refused: 0, requests: 0, saved: 0, hints: 0 };
const send = (request, file) => {
  found.requests += 1;
  const answer = ask(request, file);
  if (answer.error !== undefined) {
    const isSentence = /^[^a-z].*[.?!]$/s.test(answer.error);
    ensure(isSentence, `not a sentence: ${JSON.stringify(request)}: ${answer.error}`);
  }
  return answer;
};
for (let number = 0; number < count; number += 1) {
  const file = Buffer.from(pick(tables));
  const request = { request: "create", settings: settings() };
  const created = send(request, file);
  if (created.error !== undefined) {
    found.refused += 1;
    continue;
  }
  found.sessions += 1;
  const { session } = created;
  const layer = () => often(() => whole(0, created.layers.length - 1), odd);
  const questions = [
    () => ({ request: "train", session, epochs: often(() => whole(0, 5), odd) }),
    () => ({ request: "step", session }),
    () => ({ request: "curve", session }),
    () => ({ request: "regions", session }),
    () => ({ request: "units", session, layer: layer() }),
    () => ({ request: "weights", session, layer: layer() }),
    () => ({ request: "hinges", session }),
    () => ({ request: "verdict", session }),
    () => ({ request: "predict", session, x: pick([[0.5], [[0.1, 0.2]], [1e308], [], odd()]) }),
    () => ({ request: "save", session }),
    () => ({ request: "rust", session }),
    () => ({ request: "check", session }),
    () => ({ request: pick(["", "describe", "tabel", "table"]), session }),
  ];
  for (let question = 0; question < 8; question += 1) {
    const answer = send(pick(questions)(), random() < 0.1 ? file : undefined);
    if (answer.diverged) found.diverged += 1;
    if (answer.name === "model.safetensors") found.saved += 1;
    if (answer.hints?.length) found.hints += 1;
  }
  send({ request: "drop", session });
}
console.log(
  `${count} settings: ${found.sessions} sessions, ${found.refused} refused with a sentence, ` +
    `${found.requests} requests, ${found.diverged} answers of a divergence, ${found.saved} models saved`,
);
ensure(found.sessions > count / 20, "too few settings make a session");
