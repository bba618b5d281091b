// Shows the evidence of a figure in place, fetched from the page that holds it where that is another one. Without it, and
// where nothing can be fetched (pages opened from disk), each figure leads to its entry.
"use strict";
{
  const box = document.createElement("div");
  box.className = "source";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Where this figure comes from");
  let opener = null, shown = [], asked = 0;
  const pages = new Map();
  const here = location.href.split("#")[0];

  const close = () => {
    asked += 1;
    if (!box.isConnected) return;
    box.remove();
    opener?.removeAttribute("aria-expanded");
    opener?.focus({ preventScroll: true });
    opener = null;
    shown = [];
  };
  const place = () => {
    const at = opener.getBoundingClientRect(), edge = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left, edge - box.offsetWidth - 8));
    const above = at.bottom + box.offsetHeight + 12 > innerHeight && at.top > box.offsetHeight + 12;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight - 8 : at.bottom + 8) + scrollY}px`;
  };
  // The document that a link leads into; none where it cannot be had.
  const holding = (url) => {
    if (url === here) return document;
    if (!url.startsWith("http")) return null;
    if (!pages.has(url)) {
      pages.set(url, fetch(url).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
        .then((text) => new DOMParser().parseFromString(text, "text/html"))
        .catch(() => (pages.delete(url), null)));
    }
    return pages.get(url);
  };
  const copied = (entry, url) => {
    const copy = document.createElement("div");
    if (entry.matches(".workings > li")) copy.className = "workings";
    copy.append(...entry.cloneNode(true).childNodes);
    const origin = entry.closest(".origin-group")?.querySelector(".origin");
    if (origin) copy.append(origin.cloneNode(true));
    for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
    for (const link of copy.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), url).href;
    return copy;
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const show = (step) => {
    const more = document.createElement("a");
    more.href = step.href;
    more.textContent = step.url === here ? "Its place on this page" : "Its place on the vendor’s page";
    more.addEventListener("click", close);
    const end = button("Close", close), foot = document.createElement("p");
    foot.className = "foot-line";
    foot.append(more, ...(shown.length > 1 ? [button("Back", () => { shown.pop(); show(shown.at(-1)); })] : []), end);
    box.replaceChildren(copied(step.entry, step.url), foot);
    if (!box.isConnected) document.body.append(box);
    place();
    end.focus({ preventScroll: true });
  };
  const open = async (figure) => {
    const href = figure.href, [url, id] = href.split("#"), mine = (asked += 1);
    const entry = (await holding(url))?.getElementById(decodeURIComponent(id));
    if (mine !== asked) return;
    if (!entry) location.href = href;
    else if (box.contains(figure)) show(shown[shown.push({ entry, href, url }) - 1]);
    else {
      close();
      opener = figure;
      figure.setAttribute("aria-expanded", "true");
      show(shown[shown.push({ entry, href, url }) - 1]);
    }
  };
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const figure = event.target.closest("a.figure[href*='#'], .workings a");
    if (figure) {
      event.preventDefault();
      if (figure === opener) close();
      else open(figure);
    } else if (box.isConnected && !event.composedPath().includes(box)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.isConnected) close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
}
