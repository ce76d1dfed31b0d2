// The small curves of a training: loss, accuracy, learning rate, dead units, gradient norm.

/** The small curves. `bounds` is the fixed range of the axis, if it has one. */
const CURVES = [
  { name: "loss", title: "Loss", isLog: true, text: short, note: "The mean over all rows, with the penalty. The scale is logarithmic." },
  { name: "accuracy", title: "Accuracy", bounds: [0, 1], text: percent, axis: wholePercent, note: "The share of predictions within the tolerance: the standard deviation of the targets over 250. For a spiral, the share of right answers." },
  { name: "learning_rate", title: "Learning rate", fromZero: true, text: short, note: "Decay makes it smaller with every step." },
  { name: "dead", title: "Dead units", bounds: [0, 1], text: percent, axis: wholePercent, note: "The share of ReLUs that are 0 for every row. They no longer learn." },
  { name: "gradient_norm", title: "Gradient norm", isLog: true, text: short, note: "The length of the gradient of all weights. The scale is logarithmic." },
];

/** One small chart with the curve of each network. */
class CurveChart {
  constructor(curve, sessions) {
    this.curve = curve;
    this.sessions = sessions;
    this.value = element("span", { class: "value" });
    this.picture = new Canvas(curve.title, (context, width, height) => this.paint(context, width, height));
    this.node = element(
      "figure",
      { class: "curve" },
      element("figcaption", { title: curve.note }, element("h3", {}, curve.title), this.value),
      this.picture.node,
    );
  }

  draw() {
    this.picture.draw();
  }

  /** Writes the values of the moment. The dock calls it, so that both have the same. */
  tell() {
    const { name, title, text } = this.curve;
    const values = this.sessions().map(({ last, history }) => last?.[name] ?? lastOf(history[name]));
    const words = values.map((value) => (value === null ? "–" : text(value)));
    const names = this.sessions().map(({ name }) => name);
    const all = JSON.stringify([names, words]);
    if (all === this.told) return;
    this.told = all;
    this.value.replaceChildren(
      ...words.map((word, index) => element("span", { class: names.length > 1 ? `of-${names[index].toLowerCase()}` : null }, names.length > 1 ? `${names[index]} ${word}` : word)),
    );
    const said = words.map((word, index) => (names.length > 1 ? `network ${names[index]}: ${word}` : word)).join("; ");
    this.picture.label = `${title} over the epochs, now ${said}.`;
  }

  paint(context, width, height) {
    const { name, isLog, bounds, fromZero, axis } = this.curve;
    const shown = this.sessions();
    const box = { left: 46, top: 6, right: width - 8, bottom: height - 20 };
    const lists = shown.map(({ history }) => history[name]);
    const last = Math.max(1, ...shown.map(({ history }) => lastOf(history.epoch) ?? 0));
    const x = { place: linear(0, last, box.left, box.right), values: roundValues(0, last, Math.max(1, Math.floor((width - 54) / 65))), text: (epoch) => count(Math.round(epoch)) };
    if (x.place(last) - x.place(lastOf(x.values)) > 70) x.values.push(last);
    if (shown.every(({ history }) => history.epoch.length === 0)) x.values = [];
    const isKnown = (value) => Number.isFinite(value) && (!isLog || value > 0);
    const hasScale = bounds !== undefined || lists.some((list) => list.some(isKnown));
    const y = !hasScale ? { place: () => box.bottom, values: [], text: axisText } : isLog ? this.logAxis(lists, box) : this.plainAxis(lists, box, bounds, fromZero, axis);
    drawAxes(context, box, x, y);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top - 3, box.right - box.left + 3, box.bottom - box.top + 6);
    context.clip();
    shown.forEach(({ history }, index) => {
      context.strokeStyle = networkColor(index);
      context.lineWidth = 2;
      context.setLineDash(index === 1 ? [5, 3] : []);
      const values = isLog ? history[name].map((value) => (value > 0 ? value : null)) : history[name];
      strokeValues(context, history.epoch, values, x.place, y.place);
    });
    context.restore();
  }

  logAxis(lists, box) {
    const [low, high] = rangeOf(lists, (value) => Number.isFinite(value) && value > 0);
    const from = 10 ** Math.floor(Math.log10(Math.max(low, 1e-300)));
    const to = Math.max(10 ** Math.ceil(Math.log10(Math.max(high, 1e-300))), from * 10);
    return { place: logarithmic(from, to, box.bottom, box.top), values: powers(from, to, 4), text: axisText };
  }

  plainAxis(lists, box, bounds, fromZero, axis) {
    const found = rangeOf(lists);
    const [low, high] = bounds ?? (fromZero ? [0, found[1] * 1.1 || 1] : widened(found));
    return { place: linear(low, high, box.bottom, box.top), values: roundValues(low, high, 3), text: axis ?? axisText };
  }
}

function lastOf(list) {
  return list.length === 0 ? null : list[list.length - 1];
}

/** The colour of network A or B. B is drawn with dashes too. */
function networkColor(index) {
  return index === 0 ? theme().orange : theme().purple;
}
