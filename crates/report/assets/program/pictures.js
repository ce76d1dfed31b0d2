// What the network predicts, frame by frame.

/** The pictures of a run, which follow the player. */
function runPictures(run) {
  const { picture } = run;
  if (run.frames.length === 0) return [];
  if (picture.kind === "curve") return [new FitPicture(run), new ResidualPicture(run)];
  if (picture.kind === "scatter") {
    return picture.outputs.flatMap((_, output) => [
      new ScatterPicture(run, output),
      new HistogramPicture(run, output),
    ]);
  }
  return picture.kind === "regions" ? [new RegionPicture(run)] : [];
}

/** A figure of one frame of a run. */
class FramePicture extends Figure {
  constructor(run, parts) {
    super({ ...parts, option: (theme, chart) => this.all(theme, chart), describe: () => this.words() });
    this.run = run;
    this.frame = run.frames[run.frames.length - 1];
  }

  /** Moves on to another frame. */
  show(frame) {
    this.frame = frame;
    this.merge(this.moving());
  }
}

/** Targets and predictions over one input. */
class FitPicture extends FramePicture {
  constructor(run) {
    super(run, {
      title: "Targets and predictions",
      note: toleranceNote(run.picture),
      numbers: () => this.numbers(),
    });
    this.limits = around([run.picture.targets, run.frames[run.frames.length - 1].predictions]);
  }

  all(theme) {
    const { inputs, targets, tolerance } = this.run.picture;
    const band = tolerance === null ? [] : [
      lineSeries("band", zip(inputs, targets.map((target) => target - tolerance)), "transparent", { stack: "band", stackStrategy: "all", silent: true }),
      lineSeries("tolerance", inputs.map((input) => [input, 2 * tolerance]), "transparent", {
        stack: "band", stackStrategy: "all", silent: true, areaStyle: { color: faded(theme.green, 0.6) }, itemStyle: { color: theme.green },
      }),
    ];
    return {
      legend: { ...frame(theme).legend, data: ["targets", "predictions"] },
      xAxis: axis("input", theme, around([inputs], 0)),
      yAxis: valueAxis("output", theme, this.limits),
      series: [
        lineSeries("targets", zip(inputs, targets), faded(theme.blue, 0.45), { lineStyle: { width: 7, color: faded(theme.blue, 0.45) }, itemStyle: { color: theme.blue } }),
        { ...lineSeries("predictions", zip(inputs, this.frame.predictions), theme.orange), id: "predictions", z: 5 },
        ...band,
      ],
      tooltip: { ...frame(theme).tooltip, formatter: tooltipText(["targets", "predictions"]) },
    };
  }

  moving() {
    return { series: [{ id: "predictions", data: zip(this.run.picture.inputs, this.frame.predictions) }] };
  }

  words() {
    const { targets, tolerance } = this.run.picture;
    const errors = targets.map((target, index) => Math.abs(this.frame.predictions[index] - target));
    const right = tolerance === null ? "" : ` ${percent(share(errors, (error) => error < tolerance))} of those drawn are within ${short(tolerance)}.`;
    return `Targets and predictions after ${this.frame.epoch} epochs: the largest distance is ${short(Math.max(...errors))}.${right}`;
  }

  numbers() {
    const { inputs, targets } = this.run.picture;
    const row = (input, index) => [input, targets[index], this.frame.predictions[index]].map(exact);
    return { columns: ["input", "target", `prediction after ${this.frame.epoch} epochs`], rows: inputs.map(row) };
  }
}

/** Predictions less their targets over one input. */
class ResidualPicture extends FramePicture {
  constructor(run) {
    super(run, {
      title: "Residuals",
      note: "Prediction minus target. The axis zooms in as they shrink; the band is the tolerance.",
      numbers: () => this.numbers(),
    });
  }

  residuals() {
    const { inputs, targets } = this.run.picture;
    return inputs.map((input, index) => [input, difference(this.frame.predictions[index], targets[index])]);
  }

  limit() {
    const largest = Math.max(...this.residuals().map(([, residual]) => Math.abs(residual)));
    return niceLimit(Math.max(largest, 2 * (this.run.picture.tolerance || 0), 1e-12));
  }

  all(theme) {
    const { inputs, tolerance } = this.run.picture;
    const limit = this.limit();
    return {
      ...WITHOUT_LEGEND,
      xAxis: axis("input", theme, { ...around([inputs], 0), axisLine: { onZero: false } }),
      yAxis: valueAxis("residual", theme, { min: -limit, max: limit }),
      series: [{
        ...lineSeries("residual", this.residuals(), theme.orange),
        id: "residual",
        markArea: tolerance === null ? undefined : {
          silent: true,
          itemStyle: { color: faded(theme.green, 0.25) },
          data: [[{ yAxis: -tolerance }, { yAxis: tolerance }]],
        },
      }],
    };
  }

  moving() {
    const limit = this.limit();
    return { yAxis: { min: -limit, max: limit }, series: [{ id: "residual", data: this.residuals() }] };
  }

  words() {
    const residuals = this.residuals().map(([, residual]) => residual);
    return `Residuals after ${this.frame.epoch} epochs: from ${short(Math.min(...residuals))} to ${short(Math.max(...residuals))}.`;
  }

  numbers() {
    const rows = this.residuals().map((pair) => pair.map(short));
    return { columns: ["input", `residual after ${this.frame.epoch} epochs`], rows };
  }
}

/** One output against its target. */
class ScatterPicture extends FramePicture {
  constructor(run, output) {
    const name = run.picture.outputs[output];
    super(run, {
      title: `${name}: predicted against true`,
      note: `${run.picture.rows}; on the line a prediction is right.`,
      numbers: () => this.numbers(),
      square: true,
    });
    this.output = output;
    const last = run.frames[run.frames.length - 1];
    this.limits = around([columnOf(run, run.picture.targets, output), columnOf(run, last.predictions, output)]);
  }

  pairs() {
    const { targets } = this.run.picture;
    return zip(columnOf(this.run, targets, this.output), columnOf(this.run, this.frame.predictions, this.output));
  }

  all(theme) {
    const { min, max } = this.limits;
    return {
      ...WITHOUT_LEGEND,
      tooltip: { ...frame(theme).tooltip, trigger: "item", formatter: ({ value }) => `true ${short(value[0])}<br>predicted ${short(value[1])}` },
      xAxis: axis("true", theme, this.limits),
      yAxis: valueAxis("predicted", theme, this.limits),
      series: [
        { type: "scatter", id: "pairs", name: "rows", data: this.pairs(), symbolSize: 6, clip: true, itemStyle: { color: faded(theme.orange, 0.6) } },
        lineSeries("right", [[min, min], [max, max]], theme.blue, { showSymbol: false, silent: true, tooltip: { show: false } }),
      ],
    };
  }

  moving() {
    return { series: [{ id: "pairs", data: this.pairs() }] };
  }

  words() {
    const errors = this.pairs().map(([target, prediction]) => Math.abs(prediction - target));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    return `Predicted against true values of ${this.run.picture.outputs[this.output]} after ${this.frame.epoch} epochs, ${errors.length} rows: they differ by ${short(mean)} on average, by ${short(Math.max(...errors))} at most.`;
  }

  numbers() {
    const rows = this.pairs().map((pair, index) => [exact(index + 1), ...pair.map(exact)]);
    return { columns: ["row", "true", `predicted after ${this.frame.epoch} epochs`], rows };
  }
}

/** How often residuals of which size come up. */
class HistogramPicture extends FramePicture {
  constructor(run, output) {
    super(run, {
      title: `${run.picture.outputs[output]}: residuals`,
      note: `Prediction minus truth; ${run.picture.rows}.`,
      numbers: () => this.numbers(),
      square: true,
    });
    this.output = output;
  }

  bars() {
    const { targets } = this.run.picture;
    const right = columnOf(this.run, targets, this.output);
    const residuals = columnOf(this.run, this.frame.predictions, this.output)
      .map((prediction, index) => difference(prediction, right[index]));
    const limit = niceLimit(Math.max(1e-12, ...residuals.map(Math.abs)));
    const bins = 20;
    const bars = [...Array(bins).keys()].map((bin) => [limit * ((2 * bin + 1) / bins - 1), 0]);
    for (const residual of residuals) {
      bars[Math.min(bins - 1, Math.floor(((residual / limit + 1) / 2) * bins))][1] += 1;
    }
    return { bars, limit };
  }

  all(theme, chart) {
    const { bars, limit } = this.bars();
    const width = (chart.getWidth() - GRID.left - GRID.right) / bars.length;
    return {
      ...WITHOUT_LEGEND,
      xAxis: axis("residual", theme, { min: -limit, max: limit, interval: limit / 2 }),
      yAxis: valueAxis("rows", theme, { minInterval: 1 }),
      series: [{ type: "bar", id: "bars", name: "rows", data: bars, barWidth: Math.max(1, width - 2), itemStyle: { color: theme.orange }, emphasis: { disabled: true } }],
    };
  }

  moving() {
    const { bars, limit } = this.bars();
    return { xAxis: { min: -limit, max: limit, interval: limit / 2 }, series: [{ id: "bars", data: bars }] };
  }

  words() {
    const { bars, limit } = this.bars();
    const most = bars.reduce((best, bar) => (bar[1] > best[1] ? bar : best));
    return `Histogram of residuals after ${this.frame.epoch} epochs, between ${short(-limit)} and ${short(limit)}; most rows (${most[1]}) are near ${short(most[0])}.`;
  }

  numbers() {
    return { columns: ["residual near", "rows"], rows: this.bars().bars.map((bar) => bar.map(short)) };
  }
}

/** Which class the network sees where. */
class RegionPicture extends FramePicture {
  constructor(run) {
    super(run, {
      title: "Decision regions",
      note: "The colour is that of the likeliest class, stronger where the network is surer; the marks are data.",
      square: true,
    });
  }

  all(theme, chart) {
    const { edge, points: samples, classes } = this.run.picture;
    const symbols = ["circle", "triangle", "rect"];
    const labels = { color: theme.muted, showMinLabel: false, showMaxLabel: false };
    const plane = (name) => axis(name, theme, { nameGap: 28, min: -edge, max: edge, splitLine: { show: false }, axisLine: { onZero: false }, axisLabel: labels });
    const series = [...Array(classes).keys()].map((number) => ({
      type: "scatter",
      name: `class ${number}`,
      symbol: symbols[number % symbols.length],
      symbolSize: 6,
      data: samples.filter((sample) => sample.class === number).map(({ x, y }) => [x, y]),
      itemStyle: { color: palette(theme)[number], borderColor: theme.surface, borderWidth: 0.5 },
    }));
    return {
      tooltip: { show: false },
      grid: REGION_GRID,
      xAxis: plane("x"),
      yAxis: plane("y"),
      series,
      graphic: this.image(theme, chart),
    };
  }

  moving() {
    return { graphic: this.image(colors(), this.chart) };
  }

  image(theme, chart) {
    const { left, top, right, bottom } = REGION_GRID;
    const size = { x: left, y: top, width: chart.getWidth() - left - right, height: chart.getHeight() - top - bottom };
    return [{ type: "image", id: "regions", z: -1, silent: true, style: { ...size, image: paintRegions(this.run.picture, this.frame, palette(theme)) } }];
  }

  words() {
    const { cells, classes } = this.run.picture;
    const winners = [...Array(cells * cells).keys()].map((cell) => likeliest(this.run.picture, this.frame, cell));
    const shares = [...Array(classes).keys()].map((number) => `class ${number} ${percent(share(winners, (winner) => winner === number))}`);
    return `Decision regions after ${this.frame.epoch} epochs. Of the plane, ${shares.join(", ")}.`;
  }
}

// As high as it is wide.
const REGION_GRID = { left: 52, right: 26, top: 34, bottom: 44, outerBoundsMode: "none" };

/** The percentages of all classes, from the outputs of a cell. */
function percentages({ classes }, outputs) {
  return outputs.length < classes ? [100 - outputs[0], outputs[0]] : outputs;
}

function likeliest(picture, { predictions }, cell) {
  const width = predictions.length / picture.cells ** 2;
  const shares = percentages(picture, predictions.slice(cell * width, (cell + 1) * width));
  return shares.indexOf(Math.max(...shares));
}

/** Paints the regions, with values between the cells where the screen is finer than the grid. */
function paintRegions(picture, { predictions }, shades) {
  const { cells, classes } = picture;
  const width = predictions.length / cells ** 2;
  const pixels = 240;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  const image = context.createImageData(pixels, pixels);
  const parts = shades.map((shade) => shade.match(/[\d.]+/g).map(Number));
  const place = (pixel) => {
    const cell = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) / pixels) * cells - 0.5));
    const low = Math.min(cells - 2, Math.floor(cell));
    return [low, cell - low];
  };
  for (let y = 0; y < pixels; y += 1) {
    const [row, up] = place(pixels - 1 - y);
    for (let x = 0; x < pixels; x += 1) {
      const [column, across] = place(x);
      const outputs = [];
      for (let output = 0; output < width; output += 1) {
        const at = (r, c) => predictions[((row + r) * cells + column + c) * width + output];
        const low = at(0, 0) * (1 - across) + at(0, 1) * across;
        const high = at(1, 0) * (1 - across) + at(1, 1) * across;
        outputs.push(low * (1 - up) + high * up);
      }
      const shares = percentages(picture, outputs);
      const best = Math.max(...shares);
      const [red, green, blue] = parts[shares.indexOf(best)];
      const sure = (best / 100 - 1 / classes) / (1 - 1 / classes);
      image.data.set([red, green, blue, 255 * (0.12 + 0.4 * sure)], 4 * (y * pixels + x));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** How many of a list fulfil a condition, as a share. */
function share(list, condition) {
  return list.filter(condition).length / list.length;
}

function zip(left, right) {
  return left.map((value, index) => [value, right[index]]);
}

/** A number that is missing (the run has diverged) stays missing. */
function difference(prediction, target) {
  return prediction === null ? 0 : prediction - target;
}

function columnOf(run, values, output) {
  const width = run.picture.outputs.length;
  return values.filter((_, index) => index % width === output);
}

/** Limits with a little room around all these numbers. */
function around(lists, room = 0.2) {
  const all = lists.flat().filter((number) => number !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const step = niceLimit(Math.max((high - low) / 5, 1e-12));
  return { min: step * Math.floor(low / step - room), max: step * Math.ceil(high / step + room) };
}

/** The tooltip of these series alone. */
function tooltipText(names) {
  return (items) => {
    const kept = items.filter(({ seriesName }) => names.includes(seriesName));
    const lines = kept.map(({ seriesName, value }) => `${seriesName} ${short(value[1])}`);
    return [`input ${short(items[0].value[0])}`, ...lines].join("<br>");
  };
}

function toleranceNote({ tolerance }) {
  return tolerance === null ? null : `The green band is the tolerance: a prediction counts as right within ${short(tolerance)} of its target.`;
}

