// One output over one input.

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
      lineSeries("band", zip(inputs, targets.map((target) => difference(target, tolerance))), "transparent", { stack: "band", stackStrategy: "all", silent: true }),
      lineSeries("tolerance", inputs.map((input) => [input, 2 * tolerance]), "transparent", {
        stack: "band", stackStrategy: "all", silent: true, areaStyle: { color: faded(theme.green, 0.6) }, itemStyle: { color: theme.green },
      }),
    ];
    return {
      legend: { ...frame(theme).legend, data: ["targets", "predictions", ...(band.length > 0 ? [{ name: "tolerance", icon: "roundRect" }] : [])] },
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
    const residuals = targets.map((target, index) => difference(this.frame.predictions[index], target));
    const errors = known(residuals).map(Math.abs);
    if (errors.length === 0) return `Targets ${when(this.frame)}, without predictions.`;
    const right = tolerance === null ? "" : ` ${percent(share(residuals, (residual) => Math.abs(residual) < tolerance))} of the predictions in this chart are within ${about(tolerance)} of their target.`;
    return `Targets and predictions ${when(this.frame)}. The largest error is ${short(largestOf(errors))}.${right}`;
  }

  numbers() {
    const { inputs, targets } = this.run.picture;
    const row = (input, index) => [input, targets[index], this.frame.predictions[index]].map(exact);
    return { columns: ["input", "target", `prediction ${when(this.frame)}`], rows: inputs.map(row) };
  }
}

/**
 * Residuals over one input. With a tolerance, the axis is linear within it and logarithmic beyond it:
 * `sign(r) * log10(1 + |r| / tolerance)`.
 */
class ResidualPicture extends FramePicture {
  constructor(run) {
    super(run, {
      title: "Residuals",
      note: run.picture.tolerance === null
        ? "Prediction minus target."
        : `Prediction minus target. The green band is the tolerance, ±${about(run.picture.tolerance)}; outside it the axis is logarithmic.`,
      numbers: () => this.numbers(),
    });
    const sizes = known(run.frames.flatMap(({ predictions }) => this.residuals(predictions).map(([, residual]) => residual))).map(Math.abs);
    const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
    this.limit = niceLimit(Math.max(largest, 10 * (run.picture.tolerance || 0), 1e-12));
  }

  residuals(predictions = this.frame.predictions) {
    const { inputs, targets } = this.run.picture;
    return inputs.map((input, index) => [input, difference(predictions[index], targets[index])]);
  }

  /** The position of a residual on the axis. */
  place(residual) {
    const { tolerance } = this.run.picture;
    if (residual === null || tolerance === null) return residual;
    return Math.sign(residual) * Math.log10(1 + Math.abs(residual) / tolerance);
  }

  points() {
    return this.residuals().map(([input, residual]) => [input, this.place(residual)]);
  }

  /** The values to label: 0, the tolerance, and powers of ten beyond it. */
  labels() {
    const { tolerance } = this.run.picture;
    const first = Math.ceil(Math.log10(3 * tolerance));
    const last = Math.floor(Math.log10(this.limit * 1.001));
    const step = Math.max(1, Math.ceil((last - first + 1) / 4));
    const positive = [tolerance];
    for (let power = last; power >= first; power -= step) positive.push(10 ** power);
    return [0, ...positive, ...positive.map((value) => -value)];
  }

  axis(theme) {
    const limit = this.place(this.limit);
    if (this.run.picture.tolerance === null) return valueAxis("residual", theme, { min: -limit, max: limit });
    const values = new Map(this.labels().map((value) => [this.place(value), value]));
    const customValues = [...values.keys()].sort((left, right) => left - right);
    const { axisLabel, axisTick } = axis("", theme);
    const formatter = (place) => about(values.get(place) ?? 0);
    return valueAxis("residual", theme, {
      min: -limit,
      max: limit,
      axisLabel: { ...axisLabel, customValues, formatter },
      axisTick: { ...axisTick, customValues },
      splitLine: { show: false },
    });
  }

  all(theme) {
    const { inputs, tolerance } = this.run.picture;
    const band = tolerance === null ? 0 : this.place(tolerance);
    return {
      ...WITHOUT_LEGEND,
      tooltip: { ...frame(theme).tooltip, formatter: ([{ dataIndex }]) => {
        const [input, residual] = this.residuals()[dataIndex];
        return `input ${short(input)}<br>residual ${short(residual)}`;
      } },
      xAxis: axis("input", theme, { ...around([inputs], 0), axisLine: { onZero: false, show: true, lineStyle: { color: theme.muted } } }),
      yAxis: this.axis(theme),
      series: [{
        ...lineSeries("residual", this.points(), theme.orange),
        id: "residual",
        markArea: tolerance === null ? undefined : {
          silent: true,
          itemStyle: { color: faded(theme.green, 0.25) },
          data: [[{ yAxis: -band }, { yAxis: band }]],
        },
      }],
    };
  }

  moving() {
    return { series: [{ id: "residual", data: this.points() }] };
  }

  words() {
    const residuals = known(this.residuals().map(([, residual]) => residual));
    const [low, high] = extremes(residuals);
    const range = low === null ? "no values" : `from ${short(low)} to ${short(high)}`;
    return `Residuals ${when(this.frame)}: ${range}.`;
  }

  numbers() {
    const rows = this.residuals().map((pair) => pair.map(exact));
    return { columns: ["input", `residual ${when(this.frame)}`], rows };
  }
}

/** A tooltip of these series only. */
function tooltipText(names) {
  return (items) => {
    const kept = items.filter(({ seriesName }) => names.includes(seriesName));
    const lines = kept.map(({ seriesName, value }) => `${seriesName} ${short(value[1])}`);
    return [`input ${short(items[0].value[0])}`, ...lines].join("<br>");
  };
}

/** Explains the tolerance, and says where its band is too thin to be seen. */
function toleranceNote({ tolerance, targets }) {
  if (tolerance === null) return null;
  const { min, max } = around([targets]);
  // The chart is about 220 pixels high, and the line of the targets 7.
  const isNarrow = (2 * tolerance * 220) / (max - min) < 9;
  const thin = isNarrow ? " At this scale the band is thinner than the line of the targets; the residuals show it." : "";
  return `A prediction counts as correct if it is within the tolerance, ${about(tolerance)}, of its target.${thin}`;
}
