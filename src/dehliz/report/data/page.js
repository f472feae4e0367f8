"use strict";
// The page is whole without this: it lets tables be sorted, and opens folded parts for printing.
(() => {
  const cellValue = (row, index) => {
    const cell = row.cells[index];
    const holder = cell.querySelector("[data-value]");
    const text = holder ? holder.dataset.value : cell.textContent.trim();
    const number = Number.parseFloat(text.replace(/[\u202f\u00a0\s]/g, "").replace("\u2212", "-"));
    return Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en");
  };
  const sort = (table, index, head) => {
    const isUp = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => (isUp ? 1 : -1) * compare(cellValue(a, index), cellValue(b, index)));
    table.tBodies[0].append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = "Sort by this column";
      button.addEventListener("click", () => sort(table, index, head));
      head.replaceChildren(button);
    });
  }
  // On narrow screens rows are shown as cards; the roles keep them a table for those who listen.
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
  for (const [name, role] of Object.entries(roles)) {
    const chosen = name === "table" ? "table.stack" : `table.stack ${name}`;
    for (const element of document.querySelectorAll(chosen)) element.setAttribute("role", role);
  }
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.print:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
})();
