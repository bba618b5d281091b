// A search box over vendors, products and plans. Without it the list of vendors stands.
"use strict";
{
  const root = document.currentScript.dataset.root || "";
  const nav = document.querySelector(".top .wrap");
  const box = document.createElement("div");
  box.className = "search";
  box.setAttribute("role", "search");
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Find a vendor or plan";
  field.setAttribute("aria-label", "Find a vendor, product or plan");
  field.setAttribute("autocomplete", "off");
  const list = document.createElement("ul");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "heard";
  said.setAttribute("role", "status");
  box.append(field, list, said);
  nav.append(box);
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = `${root}search-index.js`;
    script.addEventListener("load", () => look());
    document.head.append(script);
  };
  const folded = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "");
  const look = () => {
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (!words.length || !globalThis.SEARCH) {
      list.hidden = true;
      said.textContent = "";
      return;
    }
    const rank = (name) => (folded(name).startsWith(words[0]) ? 0 : 1);
    const found = SEARCH.filter(([name]) => words.every((word) => folded(name).includes(word)))
      .sort((a, b) => rank(a[0]) - rank(b[0])).slice(0, 12);
    for (const [name, kind, page] of found) {
      const item = document.createElement("li"), link = document.createElement("a"), note = document.createElement("small");
      link.href = root + page;
      note.textContent = kind;
      link.append(name, " ", note);
      item.append(link);
      list.append(item);
    }
    if (!found.length) {
      const item = document.createElement("li");
      item.textContent = "Nothing of that name is watched.";
      list.append(item);
    }
    list.hidden = false;
    said.textContent = `${found.length} found`;
  };
  const links = () => [...list.querySelectorAll("a")];
  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); look(); });
  box.addEventListener("keydown", (event) => {
    const at = links().indexOf(document.activeElement);
    if (event.key === "ArrowDown") links()[Math.min(at + 1, links().length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? links()[at - 1] : field).focus();
    else if (event.key === "Enter" && document.activeElement === field) links()[0]?.click();
    else if (event.key === "Escape") { list.hidden = true; field.focus(); }
    else return;
    event.preventDefault();
  });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) list.hidden = true; });
  box.addEventListener("focusin", () => { if (list.children.length && field.value) list.hidden = false; });
}
