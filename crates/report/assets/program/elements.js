// Builds the page. Text is always text: nothing that a report says becomes markup.

/** An element with attributes (`onclick` and its like are listeners) and children. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** Names and values in a list. */
function factList(facts) {
  const pair = ({ name, value }) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  return element("dl", { class: "facts" }, facts.map(pair));
}

/**
 * A table; the first column names its rows. Where the screen is narrow it can be scrolled, or, if it is
 * of the class `stacked`, its cells stand below each other.
 */
function numberTable(caption, columns, rows, kind) {
  const cell = (text, index) => {
    const name = { "data-name": columns[index] };
    return index === 0 ? element("th", { scope: "row", ...name }, text) : element("td", name, text);
  };
  const head = columns.map((name) => element("th", { scope: "col" }, name));
  const body = rows.map((row) => element("tr", {}, row.map(cell)));
  const table = element(
    "table",
    { class: kind },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, head)),
    element("tbody", {}, body),
  );
  return scrollable(caption, table);
}

/** Something that may be wider or longer than its place; the keyboard scrolls it too. */
function scrollable(name, content) {
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, content);
}

/** Something that is built when it is first opened. */
function lazyDetails(summary, build) {
  const details = element("details", {}, element("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(build());
  });
  return details;
}

