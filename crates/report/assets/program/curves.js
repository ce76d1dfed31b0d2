// What went up or down over the epochs.

/** The points of a curve; what a logarithm does not know is left out. */
function points(epochs, value, logarithmic) {
  const kept = (number) => number !== null && number !== undefined && (!logarithmic || number > 0);
  return epochs.filter((epoch) => kept(value(epoch))).map((epoch) => [epoch.epoch, value(epoch)]);
}

/** Says in words how a curve goes. */
function describeCurve({ name, data }) {
  if (data.length === 0) return `${name}: nothing to draw.`;
  const [first, last] = [data[0], data[data.length - 1]];
  const lowest = data.reduce((best, point) => (point[1] < best[1] ? point : best));
  const highest = data.reduce((best, point) => (point[1] > best[1] ? point : best));
  const at = ([epoch, value]) => `${short(value)} at epoch ${epoch}`;
  return `${name}: from ${at(first)} to ${at(last)}; lowest ${at(lowest)}, highest ${at(highest)}.`;
}

/** Curves over the epochs, with a line where the player is. */
class Curves extends Figure {
  constructor({ title, note, curves, logarithmic, last, limits, format }) {
    super({
      title,
      note,
      option: (theme, chart) => this.all(theme, chart),
      describe: () => `${title} over epochs${logarithmic ? ", logarithmic axis" : ""}. ${curves.map(describeCurve).join(" ")}`,
      numbers: () => curveNumbers(curves),
    });
    Object.assign(this, { curves, logarithmic, last, limits, format });
    this.epoch = null;
  }

  all(theme) {
    const shades = palette(theme);
    const dashes = ["solid", "dashed", "dotted"];
    const series = this.curves.map(({ name, data }, index) =>
      lineSeries(name, data, shades[index % shades.length], {
        lineStyle: { width: 2, color: shades[index % shades.length], type: dashes[Math.floor(index / shades.length) % 3] },
      }));
    if (series.length > 0) series[0].markLine = this.cursor(theme);
    const format = this.format || short;
    return {
      ...(this.curves.length < 2 ? WITHOUT_LEGEND : {}),
      tooltip: { ...frame(theme).tooltip, valueFormatter: format },
      xAxis: axis("epoch", theme, { min: 0, max: this.last, axisLabel: { color: theme.muted, hideOverlap: true, formatter: count } }),
      yAxis: valueAxis("", theme, {
        type: this.logarithmic ? "log" : "value",
        ...(this.logarithmic ? decades(this.curves) : this.limits),
        axisLabel: { color: theme.muted, formatter: format === percent ? wholePercent : format },
      }),
      series,
    };
  }

  cursor({ ink }) {
    const data = this.epoch === null ? [] : [{ xAxis: this.epoch }];
    return { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: ink, type: "solid", width: 1 }, data };
  }

  /** Moves the line to an epoch. */
  show(epoch) {
    this.epoch = epoch;
    if (this.curves.length > 0) this.merge({ series: [{ markLine: { data: [{ xAxis: epoch }] } }] });
  }
}

/** Limits of a logarithmic axis: whole powers of ten, or closer where there is less than one. */
function decades(curves) {
  const values = curves.flatMap(({ data }) => data.map(([, value]) => value));
  if (values.length === 0) return {};
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high / low > 10) return { min: 10 ** Math.floor(Math.log10(low)), max: 10 ** Math.ceil(Math.log10(high)) };
  return { min: 1 / niceLimit(1 / low), max: niceLimit(high) };
}

/** The points of all curves, an epoch a row. */
function curveNumbers(curves) {
  const rows = new Map();
  curves.forEach(({ data }, column) => data.forEach(([epoch, value]) => {
    if (!rows.has(epoch)) rows.set(epoch, curves.map(() => null));
    rows.get(epoch)[column] = value;
  }));
  const sorted = [...rows].sort(([left], [right]) => left - right);
  return {
    columns: ["epoch", ...curves.map(({ name }) => name)],
    rows: sorted.map(([epoch, values]) => [exact(epoch), ...values.map(exact)]),
  };
}

/** All curves of a run. */
function runCurves(run) {
  const last = lastEpoch(run);
  const { epochs, frames } = run;
  const some = (value) => epochs.some((epoch) => value(epoch) !== null);
  const list = [
    new Curves({
      title: "Loss",
      logarithmic: true,
      last,
      curves: [
        { name: "loss", data: points(epochs, (epoch) => epoch.data_loss + epoch.penalty, true) },
        ...(some((epoch) => epoch.held_out_loss)
          ? [{ name: `${run.held_out} loss`, data: points(epochs, (epoch) => epoch.held_out_loss, true) }] : []),
      ],
    }),
  ];
  if (some((epoch) => epoch.accuracy)) {
    list.push(new Curves({
      title: "Accuracy",
      note: run.accuracy_means,
      last,
      limits: { min: 0, max: 1 },
      format: percent,
      curves: [
        { name: "accuracy", data: points(epochs, (epoch) => epoch.accuracy) },
        ...(some((epoch) => epoch.held_out_accuracy)
          ? [{ name: `${run.held_out} accuracy`, data: points(epochs, (epoch) => epoch.held_out_accuracy) }] : []),
      ],
    }));
  }
  if (epochs.some((epoch) => epoch.penalty > 0)) {
    list.push(new Curves({
      title: "Penalty",
      note: "What the loss has for the size of the parameters.",
      logarithmic: true,
      last,
      curves: [{ name: "penalty", data: points(epochs, (epoch) => epoch.penalty, true) }],
    }));
  }
  list.push(new Curves({
    title: "Learning rate",
    last,
    limits: { min: 0 },
    curves: [{ name: "learning rate", data: points(epochs, (epoch) => epoch.learning_rate) }],
  }));
  const layers = (value, logarithmic) => {
    const numbers = [...Array(Math.max(0, ...frames.map((frame) => frame.layers.length))).keys()];
    const curve = (layer) => ({
      name: `layer ${layer}`,
      data: points(frames, (frame) => frame.layers[layer] && value(frame.layers[layer]), logarithmic),
    });
    return numbers.map(curve).filter(({ data }) => data.length > 0);
  };
  const dead = layers((layer) => layer.dead_units);
  if (dead.length > 0) {
    list.push(new Curves({
      title: "Dead ReLUs",
      note: "The share of units that are 0 for every sample, and learn nothing.",
      last,
      limits: { min: 0, max: 1 },
      format: percent,
      curves: dead,
    }));
  }
  const norms = layers((layer) => layer.gradient_norm, true);
  if (norms.length > 0) {
    list.push(new Curves({
      title: "Gradient norms",
      note: "How strongly the last step before a frame pulled at each layer.",
      logarithmic: true,
      last,
      curves: norms,
    }));
  }
  return list;
}

/** The last epoch of a run that anything is known of. */
function lastEpoch(run) {
  return Math.max(0, ...run.epochs.map(({ epoch }) => epoch), ...run.frames.map(({ epoch }) => epoch));
}

