// A chart with a heading, a description for screen readers, and a table of its numbers.

const figures = new Set();

/**
 * A figure. `option` makes the chart with given colours, `describe` puts into words what it shows, and
 * `numbers` gives `{columns, rows}`. Each is called again after a change. `legend` is a list of curves.
 */
class Figure {
  constructor({ title, note, legend, option, describe, numbers, square, heading = "h4" }) {
    this.option = option;
    this.describe = describe;
    this.canvas = element("div", { class: square ? "chart square" : "chart", role: "img" });
    const caption = element("figcaption", {}, element(heading, {}, title), note ? element("p", {}, note) : null, legend ? legendLine(legend) : null);
    const table = numbers && lazyDetails(["Numbers", element("span", { class: "hidden" }, ` of ${title}`)], () => {
      const { columns, rows } = numbers();
      return numberTable(title, columns, rows);
    });
    this.node = element("figure", {}, caption, this.canvas, table);
  }

  /** Draws the chart, once it is on the page. */
  start() {
    this.chart = echarts.init(this.canvas, null, { renderer: "svg" });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.canvas);
    figures.add(this);
    this.draw();
  }

  /** Draws the whole chart again, after a change of its size or of the colours. */
  draw() {
    this.chart.resize();
    const theme = colors();
    this.chart.setOption({ ...frame(theme), ...this.option(theme, this.chart) }, { notMerge: true });
    this.label();
  }

  /** Changes a part of the chart. */
  merge(option) {
    this.chart.setOption(option);
    this.label();
  }

  label() {
    this.canvas.setAttribute("aria-label", this.describe());
  }

  end() {
    this.observer.disconnect();
    this.chart.dispose();
    figures.delete(this);
  }
}

/** Names of curves, each beside its line or its mark. Unlike a legend within the chart, it has as many lines as it needs. */
function legendLine(curves) {
  const sign = ({ shade, dash, mark }) => (mark
    ? element("span", { class: "mark", style: `color: var(--${shade})`, "aria-hidden": "true" }, mark)
    : element("span", { class: "swatch", style: `border-top-style: ${dash}; color: var(--${shade})` }));
  return element("p", { class: "legend" }, curves.map((curve) => element("span", {}, sign(curve), isolated(curve.name))));
}

themeListeners.push(() => figures.forEach((figure) => figure.draw()));

const GRID = { left: 78, right: 26, bottom: 46, outerBoundsMode: "none" };
const WITHOUT_LEGEND = { legend: { show: false }, grid: { ...GRID, top: 14 } };

/** The options that all charts share. */
function frame({ ink, line, surface }) {
  return {
    animation: false,
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { ...GRID, top: 36 },
    legend: { top: 0, left: 0, type: "scroll", textStyle: { color: ink }, itemWidth: 18, pageIconColor: ink, pageTextStyle: { color: ink } },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: surface,
      borderColor: line,
      textStyle: { color: ink },
      valueFormatter: short,
    },
  };
}

/** An axis with a name; `more` are further options, such as a type, limits, or labels. */
function axis(name, { muted, line }, more) {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: muted },
    axisLabel: { color: muted, hideOverlap: true, formatter: short },
    axisLine: { show: true, lineStyle: { color: muted } },
    axisTick: { show: true, lineStyle: { color: muted } },
    splitLine: { lineStyle: { color: line } },
    ...more,
  };
}

/** A vertical axis, with room for the labels of its values. */
function valueAxis(name, theme, more) {
  return axis(name, theme, { nameGap: 62, ...more });
}

/** A line through points. */
function lineSeries(name, data, color, more) {
  return {
    name,
    type: "line",
    data,
    symbol: "circle",
    showSymbol: data.length < 3,
    lineStyle: { width: 2, color },
    itemStyle: { color },
    emphasis: { disabled: true },
    ...more,
  };
}

