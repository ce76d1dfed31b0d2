// Predicted against true values.

/** Predicted against true values of one output. */
class ScatterPicture extends FramePicture {
  constructor(run, output) {
    const name = run.picture.outputs[output];
    super(run, {
      title: `${isolated(name)}: predicted against true values`,
      note: `Of the ${run.picture.rows}. On the line, the prediction is equal to the true value.`,
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
    const pairs = this.pairs();
    const errors = known(pairs.map(([target, prediction]) => difference(prediction, target))).map(Math.abs);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const summary = errors.length === 0 ? "no predictions" : `the mean absolute error is ${short(mean)}, the largest ${short(largestOf(errors))}`;
    return `Predicted against true values of ${isolated(this.run.picture.outputs[this.output])} ${when(this.frame)}, ${counted(pairs.length, "row")}: ${summary}.`;
  }

  numbers() {
    const rows = this.pairs().map((pair, index) => [exact(index + 1), ...pair.map(short)]);
    return { columns: ["row", "true", `predicted ${when(this.frame)}`], rows };
  }
}

/** A histogram of the residuals of one output. */
class HistogramPicture extends FramePicture {
  constructor(run, output) {
    super(run, {
      title: `${isolated(run.picture.outputs[output])}: residuals`,
      note: `Predicted minus true value, of the ${run.picture.rows}.`,
      numbers: () => this.numbers(),
      square: true,
    });
    this.output = output;
  }

  bars() {
    const { targets } = this.run.picture;
    const right = columnOf(this.run, targets, this.output);
    const residuals = known(columnOf(this.run, this.frame.predictions, this.output)
      .map((prediction, index) => difference(prediction, right[index])));
    const limit = niceLimit(Math.max(1e-12, largestOf(residuals.map(Math.abs))));
    const bins = 20;
    const bars = [...Array(bins).keys()].map((bin) => [limit * ((2 * bin + 1) / bins - 1), 0]);
    for (const residual of residuals) {
      // A residual may slightly exceed the limit, in both directions.
      const bin = Math.floor(((residual / limit + 1) / 2) * bins);
      bars[Math.max(0, Math.min(bins - 1, bin))][1] += 1;
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
    if (most[1] === 0) return `Histogram of residuals ${when(this.frame)}: no values.`;
    return `Histogram of residuals ${when(this.frame)}, from ${short(-limit)} to ${short(limit)}. The highest bar is near ${short(most[0])}, with ${counted(most[1], "row")}.`;
  }

  numbers() {
    return { columns: ["residual near", "rows"], rows: this.bars().bars.map((bar) => bar.map(short)) };
  }
}

function columnOf(run, values, output) {
  const width = run.picture.outputs.length;
  return values.filter((_, index) => index % width === output);
}
