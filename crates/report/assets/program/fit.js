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
    const residuals = targets.map((target, index) => difference(this.frame.predictions[index], target));
    const right = tolerance === null ? "" : ` ${percent(share(residuals, (residual) => Math.abs(residual) < tolerance))} of those drawn are within ${short(tolerance)}.`;
    const largest = known(residuals).reduce((most, residual) => Math.max(most, Math.abs(residual)), null);
    return `Targets and predictions after ${this.frame.epoch} epochs: the largest distance is ${short(largest)}.${right}`;
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
    const sizes = this.residuals().map(([, residual]) => Math.abs(residual));
    return niceLimit(Math.max(...sizes, 2 * (this.run.picture.tolerance || 0), 1e-12));
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
    const residuals = known(this.residuals().map(([, residual]) => residual));
    const range = residuals.length === 0 ? "there are none" : `from ${short(Math.min(...residuals))} to ${short(Math.max(...residuals))}`;
    return `Residuals after ${this.frame.epoch} epochs: ${range}.`;
  }

  numbers() {
    const rows = this.residuals().map((pair) => pair.map(short));
    return { columns: ["input", `residual after ${this.frame.epoch} epochs`], rows };
  }
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
