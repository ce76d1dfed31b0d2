// The settings of a network, and how they are written in the address of the page.

/** What `describe` answers: defaults, runs, names and limits. Set once, before anything is shown. */
let known = null;

/** The knobs with the name that they have in the address, in its order. */
const SHORT_NAMES = [
  ["hidden", "hidden"],
  ["activation", "act"],
  ["init", "init"],
  ["loss", "loss"],
  ["l1", "l1"],
  ["l2", "l2"],
  ["dropout", "drop"],
  ["optimizer", "opt"],
  ["learning_rate", "lr"],
  ["decay", "decay"],
  ["momentum", "mom"],
  ["batch_size", "batch"],
  ["epochs", "epochs"],
  ["seed", "seed"],
  ["arithmetic", "num"],
  ["noise", "noise"],
  ["outliers", "out"],
  ["scale", "scale"],
];

const FORMULA = { kind: "formula", text: "sin(x) / x", from: -10, to: 10, samples: 400 };
const SPIRAL = { kind: "spiral", classes: 3, samples: 100 };
const NO_POINTS = { kind: "points", points: [] };
const NO_TABLE = { kind: "table", x: null, y: null, header: null };

/** What the reader must do before there is data; null if there is some. */
function missingWords(data) {
  if (data.kind === "points" && data.points.length < 2) return "Draw at least 2 points.";
  if (data.kind === "table" && data.x === null) return "Choose a CSV file.";
  return null;
}

/** A copy of the settings. A change of the copy does not change the original. */
function copied(settings) {
  return JSON.parse(JSON.stringify(settings));
}

/** The settings of a run of the chapter. */
function runSettings(number, arithmetic) {
  const run = known.runs.find(({ run }) => run === number);
  return { ...copied(known.defaults), ...copied(run.settings), arithmetic };
}

/** Whether two settings are the same. */
function areSame(left, right) {
  return SHORT_NAMES.every(([name]) => JSON.stringify(left[name]) === JSON.stringify(right[name]))
    && JSON.stringify(left.data) === JSON.stringify(right.data);
}

/** The run whose settings these are, but for the arithmetic and the seed. */
function runOf(settings) {
  const like = (run) => areSame({ ...settings, seed: 0 }, { ...runSettings(run, settings.arithmetic), seed: 0 });
  return known.runs.find(({ run }) => like(run))?.run ?? null;
}

/** The settings for other data. What fits the data is kept. */
function withData(settings, data) {
  const isSpiral = data.kind === "spiral";
  const wasSpiral = settings.data.kind === "spiral";
  const next = { ...settings, data: copied(data) };
  if (isSpiral !== wasSpiral) {
    next.loss = isSpiral ? known.choices.classifier_loss[0] : known.defaults.loss;
  }
  if (isSpiral && !wasSpiral) {
    Object.assign(next, { hidden: [64], activation: "relu", init: "he-normal", learning_rate: 0.02, decay: 0.0005, l2: 0.0001, optimizer: "adam" });
  }
  if (!isSpiral && data.kind !== "sine" && (wasSpiral || settings.data.kind === "sine")) {
    Object.assign(next, { hidden: [64, 64], activation: "tanh", init: "he-normal", learning_rate: 0.005, decay: 0.001, l2: 0, optimizer: "adam" });
  }
  if (data.kind !== "sine" && next.arithmetic === "numpy") next.arithmetic = "f32";
  return next;
}

/** The name of a distribution of the first weights, and its deviation if it has one. */
function splitInit(init) {
  const [kind, scale] = init.split(":");
  return { kind, scale: scale === undefined ? null : plainNumber(scale) };
}

/** What a setting is called where two networks are compared. */
const SETTING_NAMES = {
  l1: "L1", l2: "L2", hidden: "hidden layers", init: "first weights", learning_rate: "learning rate", batch_size: "batch size", scale: "standardized",
};

/** The settings that differ from those of another network. */
function differenceWords(settings, other) {
  const isOther = ([name]) => JSON.stringify(settings[name]) !== JSON.stringify(other[name]);
  const words = SHORT_NAMES.filter(isOther).map(([name]) => {
    const value = settings[name];
    const text = Array.isArray(value) ? value.join("-") || "none" : name === "init" ? initWords(value) : NICE_NAMES[value] ?? value;
    return `${SETTING_NAMES[name] ?? name} ${text}`;
  });
  return words.length === 0 ? "the same settings" : words.join(", ");
}

/** The first weights in the words of the knobs. */
function initWords(init) {
  const { kind, scale } = splitInit(init);
  return scale === null ? NICE_NAMES[kind] ?? kind : `of ${scale}`;
}

/** The settings in a few words. */
function settingWords(settings) {
  const rate = `learning rate ${settings.learning_rate}${settings.decay > 0 ? `, decay ${settings.decay}` : ""}`;
  const weights = `first weights ${initWords(settings.init)}`;
  const layers = settings.hidden.length === 0 ? "no hidden layer" : `hidden ${settings.hidden.join("-")}`;
  return `${layers}, ${weights}, ${NICE_NAMES[settings.optimizer] ?? settings.optimizer}, ${rate}`;
}
