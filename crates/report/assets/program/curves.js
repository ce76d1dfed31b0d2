// What went up or down over the epochs.

/** Smaller numbers count as 0 on a logarithmic axis. */
const SMALLEST_LOGARITHMIC = 1e-300;

/** The points of a curve; what a logarithm does not know is left out. */
function points(epochs, value, logarithmic) {
  const kept = (number) => number !== null && number !== undefined && (!logarithmic || number > SMALLEST_LOGARITHMIC);
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
  constructor({ title, note, heading, curves, logarithmic, last, limits, format, hasSwitches }) {
    super({
      title,
      note,
      heading,
      option: (theme, chart) => this.all(theme, chart),
      describe: () => `${title} over epochs${logarithmic ? ", logarithmic axis" : ""}. ${curves.map(describeCurve).join(" ")}`,
      numbers: () => curveNumbers(curves),
    });
    Object.assign(this, { curves, logarithmic, last, limits, format });
    this.epoch = -1;
    if (hasSwitches) this.addSwitches();
  }

  /** A switch for each curve: a legend that the keyboard can use too. */
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
    const legend = element("legend", {}, "Curves that are shown");
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
      ...(this.curves.length < 2 || this.hidden ? WITHOUT_LEGEND : {}),
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

  /** Where the line is; before the first epoch there is none. */
  place() {
    return this.epoch < 0 ? [] : [{ xAxis: this.epoch }];
  }

  /** Moves the line to an epoch. */
  show(epoch) {
    this.epoch = epoch;
    if (this.curves.length > 0) this.merge({ series: [{ markLine: { data: this.place() } }] });
  }
}

/** Colours first, then other strokes. */
function curveStyle(index) {
  const shades = ["blue", "orange", "green", "purple", "red", "muted"];
  const dashes = ["solid", "dashed", "dotted"];
  return { shade: shades[index % shades.length], dash: dashes[Math.floor(index / shades.length) % dashes.length] };
}

/** From one power of ten to another; closer, and with more labels, where there is less than one. */
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

/** Round numbers from `min` to `max`, which are one power of ten apart at most: 1, 2, 5, 10. */
function stepsBetween(min, max) {
  const powers = [0, 1, 2].map((power) => 10 ** (Math.floor(Math.log10(min * 1.001)) + power));
  const steps = powers.flatMap((power) => (max / min > 3 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9]).map((step) => Number((step * power).toPrecision(3))));
  return steps.filter((step) => step > 0.999 * min && step < 1.001 * max);
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
  const { epochs } = run;
  const frames = run.frames.filter(({ at }) => at >= 0).map((frame) => ({ ...frame, epoch: frame.at }));
  const some = (value) => epochs.some((epoch) => value(epoch) !== null);
  const zeros = epochs.flatMap((epoch) => [epoch.data_loss, epoch.validation_loss]).filter((loss) => loss !== null && loss <= SMALLEST_LOGARITHMIC).length;
  const list = [
    new Curves({
      title: "Loss",
      note: zeros > 0 ? `A logarithmic axis has no 0: where a loss is 0 (${counted(zeros, "time")}), nothing is drawn.` : null,
      logarithmic: true,
      last,
      curves: [
        { name: "data loss", data: points(epochs, (epoch) => epoch.data_loss, true) },
        ...(some((epoch) => epoch.validation_loss)
          ? [{ name: `${validationName(run)} loss`, data: points(epochs, (epoch) => epoch.validation_loss, true) }] : []),
      ],
    }),
  ];
  if (run.metric) {
    const { label, meaning, is_fraction } = run.metric;
    list.push(new Curves({
      title: label.slice(0, 1).toUpperCase() + label.slice(1),
      note: meaning,
      last,
      // A metric like R2 is at most 1; far below 0 it only says that nothing is learned yet.
      limits: is_fraction ? { min: 0, max: 1 } : { min: ({ min }) => (min < 0 ? Math.max(-1, min) : 0), max: 1 },
      format: metricFormat(run),
      curves: [
        { name: label, data: points(epochs, (epoch) => epoch.metric) },
        ...(some((epoch) => epoch.validation_metric)
          ? [{ name: `${validationName(run)} ${label}`, data: points(epochs, (epoch) => epoch.validation_metric) }] : []),
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
    const numbers = [...Array(largestOf(frames.map((frame) => frame.layers.length))).keys()];
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
      note: `The share of units that are 0 for every row that is watched (${run.watched_rows}): what such a row gives, they do not pass on.`,
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
      note: "How strongly the last step before a frame, which was one batch, pulled at each layer.",
      logarithmic: true,
      last,
      curves: norms,
    }));
  }
  return list;
}

/** The last epoch of a run that anything is known of. */
function lastEpoch(run) {
  return Math.max(largestOf(run.epochs.map(({ epoch }) => epoch)), largestOf(run.frames.map(({ at }) => at)));
}


/** What the validation data is called. */
function validationName({ validation_name }) {
  return validation_name ?? "validation";
}
