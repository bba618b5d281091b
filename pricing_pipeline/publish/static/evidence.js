// Shows the evidence of a figure in place. Without it each figure leads to its entry further down the page.
"use strict";
{
  const box = document.createElement("div");
  box.className = "source";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Where this figure comes from");
  let opener = null;
  const close = () => {
    if (!box.isConnected) return;
    box.remove();
    opener?.removeAttribute("aria-expanded");
    opener?.focus({ preventScroll: true });
    opener = null;
  };
  const place = (figure) => {
    const at = figure.getBoundingClientRect(), edge = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left, edge - box.offsetWidth - 8));
    const above = at.bottom + box.offsetHeight + 12 > innerHeight && at.top > box.offsetHeight + 12;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight - 8 : at.bottom + 8) + scrollY}px`;
  };
  const open = (figure, entry) => {
    close();
    opener = figure;
    figure.setAttribute("aria-expanded", "true");
    const copy = document.createElement("div");
    copy.append(...entry.cloneNode(true).childNodes);
    const origin = entry.closest(".origin-group")?.querySelector(".origin");
    if (origin) copy.append(origin.cloneNode(true));
    for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
    const more = document.createElement("a");
    more.href = `#${entry.id}`;
    more.textContent = "Its place on this page";
    more.addEventListener("click", () => close());
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", close);
    const foot = document.createElement("p");
    foot.className = "foot-line";
    foot.append(more, button);
    box.replaceChildren(copy, foot);
    document.body.append(box);
    place(figure);
    button.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const figure = event.target.closest("a.figure[href^='#']");
    if (figure) {
      const entry = document.getElementById(decodeURIComponent(figure.hash.slice(1)));
      if (!entry) return;
      event.preventDefault();
      if (figure === opener) close();
      else open(figure, entry);
    } else if (box.isConnected && !box.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.isConnected) close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
}
