// Which columns matter, and how the predictions depend on them.

/** A chart shows at most this many columns; the table below it has all. */
const MOST_BARS = 25;

/** The marks of categories: outputs differ in more than their colour. */
const SYMBOLS = ["circle", "triangle", "rect", "diamond", "path://M0,0H10L5,9Z", "path://M4,0H6V4H10V6H6V10H4V6H0V4H4Z"];

/** The same as characters. */
const MARKS = ["●", "▲", "■", "◆", "▼", "✚"];

/** The figures of a run that show which columns matter. */
function runInspection({ inspection }) {
  if (!inspection) return [];
  const { dependences } = inspection;
  return [
    ...(inspection.importances.length > 0 ? [new ImportanceFigure(inspection)] : []),
    ...dependences.map((one) => new DependenceFigure(one, inspection, dependenceLimits(one, dependences))),
  ];
}

/** A bar for each column. */
class ImportanceFigure extends Figure {
  constructor({ importances, rows, note, score }) {
    const shown = importances.slice(0, MOST_BARS);
    const left = importances.length - shown.length;
    const more = left > 0 ? ` The chart shows the first ${count(shown.length)} of ${count(importances.length)} columns.` : "";
    super({
      title: "What matters: the importance of each column",
      note: `By how much ${score} decreases if the values of a column are shuffled among the ${rows}. Near 0, the network does not need the column.${more} ${note}`,
      option: (theme, chart) => this.all(theme, chart),
      describe: () => `Importance of columns. ${shown.map((bar) => `${isolated(bar.column)}: ${short(bar.importance)}.`).join(" ")}`,
      numbers: () => ({
        columns: ["column", `decrease of ${score}`, "standard deviation"],
        rows: importances.map((bar) => [isolated(bar.column), short(bar.importance), short(bar.deviation)]),
      }),
    });
    Object.assign(this, { shown, score });
    this.canvas.style.height = `${Math.max(300, 70 + 22 * shown.length)}px`;
  }

  all(theme, chart) {
    const names = this.shown.map(({ column }) => column);
    const left = Math.min(180, Math.round(0.38 * chart.getWidth()));
    return {
      ...WITHOUT_LEGEND,
      grid: { ...GRID, top: 14, left },
      // The longest bar is at the top.
      yAxis: { ...axis("", theme), type: "category", data: names, inverse: true, axisLine: { onZero: false, lineStyle: { color: theme.muted } }, axisLabel: { color: theme.muted, interval: 0, width: left - 20, overflow: "truncate" } },
      xAxis: axis(`decrease of ${this.score}`, theme),
      series: [{ type: "bar", name: `decrease of ${this.score}`, data: this.shown.map(({ importance }) => importance), barMaxWidth: 18, itemStyle: { color: theme.blue }, emphasis: { disabled: true } }],
    };
  }
}

/** The mean prediction over the values of a column. */
class DependenceFigure extends Figure {
  constructor({ column, values, outputs, means }, { rows }, limits) {
    const curves = outputs.map((name, output) => ({ name, means: means.filter((_, index) => index % outputs.length === output) }));
    const what = outputs.length === 1 ? outputs[0] : "probability";
    const labels = values.kind === "numbers" ? values.list.map(short) : values.list.map((name) => name || "(missing)");
    super({
      title: `${isolated(what)} over ${isolated(column)}`,
      note: `The mean prediction for the ${rows} if ${isolated(column)} has this value in all of them.`,
      legend: curves.length > 1 ? curves.map(({ name }, index) => ({
        name,
        mark: values.kind === "categories" ? MARKS[index % MARKS.length] : null,
        ...curveStyle(index),
      })) : null,
      option: (theme) => this.all(theme),
      describe: () => `Partial dependence on ${isolated(column)}. ${curves.map((curve) => describeDependence(curve, labels)).join(" ")}`,
      numbers: () => ({
        columns: [column, ...outputs],
        rows: labels.map((label, point) => [label, ...curves.map((curve) => short(curve.means[point]))]),
      }),
    });
    Object.assign(this, { column, values, curves, labels, limits, what });
  }

  all(theme) {
    const isNumeric = this.values.kind === "numbers";
    const one = ({ name, means }, index) => {
      const { shade, dash } = curveStyle(index);
      const data = isNumeric ? zip(this.values.list, means) : means.map((mean, point) => [point, mean]);
      // Categories have no order, so no line joins them.
      const marks = this.values.kind === "categories"
        ? { showSymbol: true, symbol: SYMBOLS[index % SYMBOLS.length], symbolSize: 11, lineStyle: { width: 0 } }
        : { lineStyle: { width: 2, color: theme[shade], type: dash } };
      return lineSeries(name, data, theme[shade], marks);
    };
    const labels = { type: "category", data: this.labels, boundaryGap: this.values.kind === "categories", splitLine: { show: false } };
    const base = axis(this.column, theme, isNumeric ? { min: "dataMin", max: "dataMax" } : labels);
    const named = { ...base, axisLabel: isNumeric ? base.axisLabel : { color: theme.muted, hideOverlap: true, width: 90, overflow: "truncate" } };
    return {
      ...WITHOUT_LEGEND,
      xAxis: named,
      yAxis: valueAxis(this.curves.length > 1 ? "probability" : this.what, theme, this.limits),
      series: this.curves.map(one),
    };
  }
}

/** A curve of a column in words. */
function describeDependence({ name, means }, labels) {
  const places = known(means.map((mean, index) => (mean === null ? null : index)));
  if (places.length === 0) return `${isolated(name)}: no values.`;
  const at = (index) => `${short(means[index])} at ${isolated(labels[index])}`;
  const lowest = places.reduce((best, index) => (means[index] < means[best] ? index : best));
  const highest = places.reduce((best, index) => (means[index] > means[best] ? index : best));
  return `${isolated(name)}: lowest ${at(lowest)}, highest ${at(highest)}.`;
}

/** The limits that all curves of the same outputs share, so that their heights can be compared. */
function dependenceLimits({ outputs }, dependences) {
  const same = dependences.filter((other) => other.outputs.join("\n") === outputs.join("\n"));
  return around(same.map(({ means }) => means));
}
