// The knobs: every setting of a network.

/** How a name of the crates is shown. */
const NICE_NAMES = {
  relu: "ReLU", "leaky-relu": "leaky ReLU", tanh: "tanh", sigmoid: "sigmoid", linear: "linear",
  sgd: "SGD", adam: "Adam", adamw: "AdamW", adagrad: "AdaGrad", rmsprop: "RMSProp",
  "softmax-cross-entropy": "cross-entropy of softmax", "binary-cross-entropy": "binary cross-entropy", mse: "mean squared error", mae: "mean absolute error", huber: "Huber",
  normal: "normal distribution", zeros: "zeros", "glorot-uniform": "Glorot, uniform", "glorot-normal": "Glorot, normal",
  "he-uniform": "He, uniform", "he-normal": "He, normal", numpy: "the book’s digits", f32: "Fast", f64: "double precision",
};

function niceNames(names) {
  return names.map((name) => [name, NICE_NAMES[name] ?? name.replace(/-/g, " ")]);
}

class Knobs {
  /** `change` is called with the settings that change. */
  constructor(change) {
    const later = delayed(change, 160);
    const now = change;
    const { choices } = known;
    const number = (name, label, options) => [name, new NumberKnob(label, options, (value) => later({ [name]: value }))];
    const choice = (name, label, names, hint) => [name, new Choice(label, niceNames(names), (value) => now({ [name]: value }), hint)];
    this.init = new Choice("First weights", niceNames(initKinds()), (kind) => now({ init: this.initText(kind) }));
    this.scale = new NumberKnob("Standard deviation", { low: 0.001, high: 1, isLog: true, hint: "The standard deviation of the first weights" }, (scale) => later({ init: `normal:${scale}` }));
    this.layers = new LayersKnob((hidden) => now({ hidden }));
    this.optimizer = new Choice("Optimizer", niceNames(choices.optimizer.map(({ name }) => name)), (optimizer) => now({ optimizer }));
    this.rateHint = element("p", { class: "note" });
    this.simple = Object.fromEntries([
      number("learning_rate", "Learning rate", { low: 1e-5, high: 1, isLog: true }),
      number("decay", "Decay", { low: 1e-5, high: 0.1, isLog: true, zero: true, hint: "The rate is divided by 1 + decay × step" }),
      number("momentum", "Momentum", { low: 0, high: 0.99 }),
      choice("activation", "Activation", choices.activation),
      choice("loss", "Loss", choices.loss),
      number("l1", "L1", { low: 1e-6, high: 0.1, isLog: true, zero: true, hint: "Penalty on the sizes of the weights" }),
      number("l2", "L2", { low: 1e-6, high: 0.1, isLog: true, zero: true, hint: "Penalty on the squares of the weights" }),
      number("dropout", "Dropout", { low: 0, high: 0.9, hint: "Share of the units that a step leaves out" }),
      number("batch_size", "Batch size", { low: 1, high: 1000, isLog: true, zero: true, isWhole: true, hint: "0: all rows in one step" }),
      number("epochs", "Epochs", { low: 100, high: 20000, isLog: true, isWhole: true }),
      number("seed", "Seed", { slider: false, isWhole: true, hint: "Another seed draws other first weights" }),
      choice("arithmetic", "Arithmetic", choices.arithmetic),
      number("noise", "Noise", { low: 0, high: 1, hint: "Standard deviation, in those of the targets" }),
      number("outliers", "Outliers", { low: 0, high: 0.3, hint: "Share of the rows with a target far off" }),
    ]);
    this.standardize = new Tick("Standardize x and y", (scale) => now({ scale }));
    const dice = element("button", { type: "button", class: "small", onclick: () => now({ seed: Math.floor(Math.random() * 1e6) }) }, "Another seed");
    this.simple.seed.node.querySelector(".inputs").append(dice);
    const { learning_rate: rate, decay, momentum, activation, loss, l1, l2, dropout, batch_size: batch, epochs, seed, arithmetic, noise, outliers } = this.simple;
    this.groups = [
      group("The lesson", true, this.init, this.scale, rate, decay),
      group("Network", false, this.layers, activation, dropout),
      group("Training", false, this.optimizer, momentum, loss, batch, l1, l2, epochs),
      group("Data, seed and arithmetic", false, noise, outliers, this.standardize, seed, arithmetic),
    ];
    rate.node.append(this.rateHint);
    this.fields = {
      ...Object.fromEntries(Object.entries(this.simple).map(([name, { node }]) => [name, node])),
      init: this.scale.node, hidden: this.layers.node, optimizer: this.optimizer.node,
    };
    document.getElementById("knobs").append(...this.groups);
    document.getElementById("knobs").addEventListener("submit", (event) => event.preventDefault());
  }

  initText(kind) {
    return kind === "normal" ? `normal:${this.scale.box.value || 0.1}` : kind;
  }

  show(settings) {
    this.complain(null);
    for (const [name, knob] of Object.entries(this.simple)) {
      if (name === "loss") {
        const losses = settings.data.kind === "spiral" ? known.choices.classifier_loss : known.choices.loss;
        knob.setChoices(niceNames(losses));
      }
      knob.value = settings[name];
    }
    const { kind, scale } = splitInit(settings.init);
    this.init.value = kind;
    this.scale.node.hidden = scale === null;
    if (scale !== null) this.scale.value = scale;
    this.layers.value = settings.hidden;
    this.optimizer.value = settings.optimizer;
    this.standardize.value = settings.scale;
    this.standardize.node.hidden = settings.data.kind === "sine" || settings.data.kind === "spiral";
    this.simple.momentum.node.hidden = settings.optimizer !== "sgd";
    const usual = known.choices.optimizer.find(({ name }) => name === settings.optimizer)?.learning_rate;
    this.rateHint.textContent = usual === undefined ? "" : `Usual for ${NICE_NAMES[settings.optimizer] ?? settings.optimizer}: ${usual}`;
  }

  /** Marks the field that a complaint is about; returns whether there is one. */
  complain(complaint) {
    for (const node of Object.values(this.fields)) complainAt(node, "");
    const node = complaint === null ? undefined : this.fields[complaint.field];
    if (node === undefined) return false;
    const details = node.closest("details");
    if (details !== null) details.open = true;
    complainAt(node, complaint.message);
    return true;
  }
}

/** The kinds of first weights, without their deviations. */
function initKinds() {
  return [...new Set(["normal", ...known.choices.init.map((init) => splitInit(init).kind)])];
}

function group(title, isOpen, ...controls) {
  return element("details", { class: "group", open: isOpen }, element("summary", {}, element("h3", {}, title)), controls.map(({ node }) => node));
}

/** The widths of the hidden layers. */
class LayersKnob {
  constructor(change) {
    this.change = change;
    this.widths = [];
    this.list = element("div", { class: "layers" });
    this.less = element("button", { type: "button", class: "small", onclick: () => change(this.widths.slice(0, -1)) }, "Remove a layer");
    this.more = element("button", { type: "button", class: "small", onclick: () => change([...this.widths, this.widths[this.widths.length - 1] ?? 64]) }, "Add a layer");
    this.most = element("span", { class: "note", hidden: true }, `at most ${known.limits.hidden} hidden layers`);
    this.node = element(
      "div",
      { class: "field tall", role: "group", "aria-label": "Hidden layers" },
      element("span", { class: "label" }, "Units of the hidden layers"),
      element("div", { class: "inputs" }, this.list, element("div", { class: "row" }, this.less, this.more), this.most),
      element("p", { class: "problem", id: freshId("layers-problem") }),
    );
  }

  set value(widths) {
    this.less.disabled = widths.length === 0;
    this.more.disabled = widths.length >= known.limits.hidden;
    this.most.hidden = !this.more.disabled;
    const boxes = [...this.list.querySelectorAll("input")].map((box) => box.value);
    if (widths.length > 0 && JSON.stringify(boxes) === JSON.stringify(widths.map(String))) {
      this.widths = [...widths];
      return;
    }
    this.widths = [...widths];
    this.list.replaceChildren(...widths.map((width, index) => this.box(width, index)));
    if (widths.length === 0) this.list.append(element("span", { class: "note" }, "none: the network is a straight line"));
  }

  box(width, index) {
    const box = element("input", { type: "text", inputmode: "numeric", size: 4, value: width, "aria-label": `Units of hidden layer ${index + 1}` });
    box.addEventListener("change", () => {
      const { number, sentence } = typedNumber(box.value, true);
      if (number === undefined) {
        complainAt(this.node, sentence);
        return;
      }
      this.change(this.widths.map((old, place) => (place === index ? number : old)));
    });
    return box;
  }
}
