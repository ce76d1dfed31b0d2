// Builds the page. Text stays text: nothing in a report becomes markup.

/** An element with attributes (those that begin with `on` are listeners) and children. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) made.append(child);
  }
  return made;
}

/** A list of names and values. */
function factList(facts) {
  const pair = ({ name, value }) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  return element("dl", { class: "facts" }, facts.map(pair));
}

/** A browser takes seconds to build a longer table. */
const MOST_ROWS = 5000;

/**
 * A table; the first column names its rows. On a narrow screen it scrolls; with the class `stacked`, the
 * cells of a row are placed below each other. Of a long table it shows the first rows.
 */
function numberTable(name, columns, all, kind) {
  const rows = all.slice(0, MOST_ROWS);
  const caption = rows.length < all.length ? `${name}, the first ${count(rows.length)} of ${count(all.length)} rows` : name;
  const cell = (text, index) => {
    const column = { "data-name": columns[index] };
    return index === 0 ? element("th", { scope: "row", ...column }, text) : element("td", column, text);
  };
  const head = columns.map((column) => element("th", { scope: "col" }, column));
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

/** A box that scrolls, with the keyboard too, where its content is larger. */
function scrollable(name, content) {
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, content);
}

/** Details that are built when they are first opened. */
function lazyDetails(summary, build) {
  const details = element("details", {}, element("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(build());
  });
  return details;
}

