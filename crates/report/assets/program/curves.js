// Curves over the epochs.

/** A logarithmic axis does not show smaller numbers. */
const SMALLEST_LOGARITHMIC = 1e-300;

/** The points of a curve: without missing numbers, and on a logarithmic axis without 0. */
function points(epochs, value, logarithmic) {
  const kept = (number) => number !== null && number !== undefined && (!logarithmic || number > SMALLEST_LOGARITHMIC);
  return epochs.filter((epoch) => kept(value(epoch))).map((epoch) => [epoch.at, value(epoch)]);
}

/** A curve in words. */
function describeCurve({ name, data }) {
  if (data.length === 0) return `${name}: no values.`;
  const [first, last] = [data[0], data[data.length - 1]];
  const lowest = data.reduce((best, point) => (point[1] < best[1] ? point : best));
  const highest = data.reduce((best, point) => (point[1] > best[1] ? point : best));
  const at = ([epoch, value]) => `${short(value)} at epoch ${epoch}`;
  if (data.length === 1) return `${name}: ${at(first)}.`;
  return `${name}: from ${at(first)} to ${at(last)}; lowest ${at(lowest)}, highest ${at(highest)}.`;
}

/** Curves over the epochs, with a vertical line at the epoch of the player. */
class Curves extends Figure {
  constructor({ title, note, heading, curves, logarithmic, last, limits, format, hasSwitches }) {
    super({
      title,
      note,
      heading,
      legend: curves.length > 1 && !hasSwitches ? curves.map(({ name }, index) => ({ name, ...curveStyle(index) })) : null,
      option: (theme, chart) => this.all(theme, chart),
      describe: () => `${title} by epoch${logarithmic ? ", on a logarithmic axis" : ""}. ${curves.map(describeCurve).join(" ")}`,
      numbers: () => curveNumbers(curves),
    });
    Object.assign(this, { curves, logarithmic, last, limits, format });
    this.epoch = null;
    if (hasSwitches) this.addSwitches();
  }

  /** A switch for each curve: a legend that also works with the keyboard. */
  addSwitches() {
    this.hidden = {};
    const one = ({ name }, index) => {
      const id = `curve-${index + 1}`;
      const { shade, dash } = curveStyle(index);
      const change = ({ target }) => {
        this.hidden[name] = !target.checked;
        this.draw();
      };
      return element(
        "span",
        {},
        element("input", { type: "checkbox", id, checked: true, onchange: change }),
        element("label", { for: id }, element("span", { class: "swatch", style: `border-top-style: ${dash}; color: var(--${shade})` }), name),
      );
    };
    const legend = element("legend", {}, "Curves to show");
    this.node.firstChild.append(element("fieldset", { class: "picker switches" }, legend, this.curves.map(one)));
  }

  all(theme) {
    const series = this.curves.map(({ name, data }, index) => {
      const { shade, dash } = curveStyle(index);
      return lineSeries(name, this.hidden?.[name] ? [] : data, theme[shade], { lineStyle: { width: 2, color: theme[shade], type: dash } });
    });
    if (series.length > 0) series[0].markLine = this.cursor(theme);
    const format = this.format || short;
    return {
      ...WITHOUT_LEGEND,
      tooltip: { ...frame(theme).tooltip, valueFormatter: format },
      xAxis: axis("epoch", theme, { min: 0, max: this.last, axisLabel: { color: theme.muted, hideOverlap: true, formatter: count } }),
      yAxis: this.logarithmic ? logarithmicAxis(this.curves, theme) : valueAxis("", theme, {
        ...this.limits,
        axisLabel: { color: theme.muted, formatter: format === percent ? wholePercent : format },
      }),
      series,
    };
  }

  cursor({ ink }) {
    return { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: ink, type: "solid", width: 1 }, data: this.place() };
  }

  /** Where the line is: nowhere without a player. */
  place() {
    return this.epoch === null ? [] : [{ xAxis: this.epoch }];
  }

  /** Moves the line to an epoch. */
  show(epoch) {
    this.epoch = epoch;
    if (this.curves.length > 0) this.merge({ series: [{ markLine: { data: this.place() } }] });
  }
}

/** The first curves differ in colour, later ones also in their dashes. */
function curveStyle(index) {
  const shades = ["blue", "orange", "green", "purple", "red", "muted"];
  const dashes = ["solid", "dashed", "dotted"];
  return { shade: shades[index % shades.length], dash: dashes[Math.floor(index / shades.length) % dashes.length] };
}

/** An axis from one power of ten to another; where the values span less than one, it is closer and has more labels. */
function logarithmicAxis(curves, theme) {
  const axis = (more) => valueAxis("", theme, { type: "log", ...more });
  const [low, high] = extremes(curves.flatMap(({ data }) => data.map(([, value]) => value)));
  if (low === null) return axis({});
  if (high / low > 10) return axis({ min: 10 ** Math.floor(Math.log10(low)), max: Math.min(10 ** Math.ceil(Math.log10(high)), 1e308) });
  const [min, max] = [1 / niceLimit(1 / low), niceLimit(high)];
  const customValues = stepsBetween(min, max);
  const { axisLabel, axisTick } = axis({});
  return axis({ min, max, axisLabel: { ...axisLabel, customValues }, axisTick: { ...axisTick, customValues } });
}

/** Round numbers (1, 2, 5, 10, ...) from `min` to `max`, which are at most two powers of ten apart. */
function stepsBetween(min, max) {
  const powers = [0, 1, 2].map((power) => 10 ** (Math.floor(Math.log10(min * 1.001)) + power));
  const steps = powers.flatMap((power) => (max / min > 3 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9]).map((step) => Number((step * power).toPrecision(3))));
  return steps.filter((step) => step > 0.999 * min && step < 1.001 * max);
}

/** The points of all curves, one row per epoch. */
function curveNumbers(curves) {
  const rows = new Map();
  curves.forEach(({ data }, column) => data.forEach(([epoch, value]) => {
    if (!rows.has(epoch)) rows.set(epoch, curves.map(() => null));
    rows.get(epoch)[column] = value;
  }));
  const sorted = [...rows].sort(([left], [right]) => left - right);
  return {
    columns: ["epoch", ...curves.map(({ name }) => name)],
    rows: sorted.map(([epoch, values]) => [exact(epoch), ...values.map(short)]),
  };
}

/** All curves of a run. */
function runCurves(run) {
  const last = lastEpoch(run);
  const { epochs, frames } = run;
  const some = (value) => epochs.some((epoch) => value(epoch) !== null);
  const hasPenalty = epochs.some((epoch) => epoch.penalty > 0);
  const zeros = epochs.flatMap((epoch) => [epoch.data_loss, epoch.validation_loss]).filter((loss) => loss !== null && loss <= SMALLEST_LOGARITHMIC).length;
  const list = [
    new Curves({
      title: "Loss",
      note: [
        "Lower is better.",
        ...(some((epoch) => epoch.validation_loss) ? [] : ["Of the training data."]),
        ...(hasPenalty ? ["The training loss is shown without the penalty."] : []),
        ...(run.loss_note ? [run.loss_note] : []),
        ...(zeros > 0 ? [`The logarithmic axis cannot show a loss of 0, which occurs ${counted(zeros, "time")}.`] : []),
      ].join(" "),
      logarithmic: true,
      last,
      curves: [
        { name: "training loss", data: points(epochs, (epoch) => epoch.data_loss, true) },
        ...(some((epoch) => epoch.validation_loss)
          ? [{ name: `${validationName(run)} loss`, data: points(epochs, (epoch) => epoch.validation_loss, true) }] : []),
      ],
    }),
  ];
  if (run.metric) {
    const { label, meaning, is_fraction } = run.metric;
    list.push(new Curves({
      title: label.slice(0, 1).toUpperCase() + label.slice(1),
      note: some((epoch) => epoch.validation_metric) ? meaning : `${meaning} Of the training data.`,
      last,
      // A metric like R2 is at most 1. How far it is below 0 at the beginning is of no interest.
      limits: is_fraction ? { min: 0, max: 1 } : { min: ({ min }) => (min < 0 ? Math.max(-1, min) : 0), max: 1 },
      format: metricFormat(run),
      curves: [
        { name: `training ${label}`, data: points(epochs, (epoch) => epoch.metric) },
        ...(some((epoch) => epoch.validation_metric)
          ? [{ name: `${validationName(run)} ${label}`, data: points(epochs, (epoch) => epoch.validation_metric) }] : []),
      ],
    }));
  }
  if (hasPenalty) {
    list.push(new Curves({
      title: "Penalty",
      note: "What regularization adds to the loss: it grows with the size of the parameters.",
      logarithmic: true,
      last,
      curves: [{ name: "penalty", data: points(epochs, (epoch) => epoch.penalty, true) }],
    }));
  }
  list.push(new Curves({
    title: "Learning rate",
    note: "The factor that sets the size of each step.",
    last,
    limits: { min: 0 },
    curves: [{ name: "learning rate", data: points(epochs, (epoch) => epoch.learning_rate) }],
  }));
  const layers = (value, logarithmic) => {
    const numbers = [...Array(largestOf(frames.map((frame) => frame.layers.length))).keys()];
    const curve = (layer) => ({
      name: `layer ${layer}`,
      data: points(frames, (frame) => frame.layers[layer] && value(frame.layers[layer]), logarithmic),
    });
    return numbers.map(curve).filter(({ data }) => data.length > 0);
  };
  const end = run.kept_epoch === null ? "" : ` Recorded up to epoch ${count(run.kept_epoch)}, whose weights are kept.`;
  const dead = layers((layer) => layer.dead_units);
  if (dead.length > 0) {
    list.push(new Curves({
      title: "Dead ReLU units",
      note: `The share of units in each layer whose output is 0 for all watched rows${run.watched_rows ? ` (${run.watched_rows})` : ""}.${end}`,
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
      note: `The norm of the gradients of each layer, in the last batch before that point.${end}`,
      logarithmic: true,
      last,
      curves: norms,
    }));
  }
  return list;
}

/** The last epoch of a run. */
function lastEpoch(run) {
  return Math.max(largestOf(run.epochs.map(({ at }) => at)), largestOf(run.frames.map(({ at }) => at)));
}


/** What the validation data is called. */
function validationName({ validation_name }) {
  return validation_name ?? "validation";
}
