// The cost calculator: sliders and number fields that price every plan from its published tariff (see bill.js).
"use strict";
for (const place of document.querySelectorAll("[data-calculator]")) {
  const inline = place.querySelector("script[type='application/json']");
  const data = inline ? JSON.parse(inline.textContent) : globalThis.TARIFFS;
  const words = Object.fromEntries(data.metrics.map((one) => [one.metric, [one.one, one.many]]));
  const price = Bill.calculator(words), fields = new Map(), PREFIX = "#use?";
  const make = (tag, options = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };
  const money = (value, currency) => {
    // To the cent, as bills are read; what is less than a cent is shown in full.
    const cent = Bill.ONE / 100n;
    let rounded = value;
    if (value >= cent) {
      rounded = (value / cent) * cent;
      const rest = (value - rounded) * 2n;
      if (rest > cent || (rest === cent && (value / cent) % 2n === 1n)) rounded += cent;
    }
    const how = data.money[currency] || { sign: currency ? currency + "\u00a0" : "", places: 2 };
    const [whole, fraction = ""] = Bill.number(rounded).split(".");
    const places = fraction || how.places ? fraction.padEnd(fraction && !how.places ? 2 : how.places, "0") : "";
    return how.sign + whole + (places && "." + places);
  };
  const shown = (bill) => {
    const states = { unknown: "Unknown", contact_sales: "Contact sales", infeasible: "Does not fit", not_applicable: "Not applicable" };
    if (states[bill.state]) return states[bill.state];
    const low = money(bill.low, bill.currency);
    return bill.low === bill.high ? low : `${low}–${money(bill.high, bill.currency)}`;
  };

  function slider(one) {
    const id = `use-${one.metric}`, stops = one.stops.map(Bill.read), least = stops[0];
    const field = make("input", { id, inputmode: "decimal", autocomplete: "off", size: 9, "data-metric": one.metric });
    const range = make("input", { type: "range", min: 0, max: stops.length - 1, "aria-label": `${one.many}, by slider` });
    const set = (value) => {
      const at = stops.findIndex((stop) => stop >= value);
      range.value = at < 0 ? stops.length - 1 : at;
      range.setAttribute("aria-valuetext", `${Bill.number(value)} ${value === Bill.ONE ? one.one : one.many}`);
    };
    const put = (value) => {
      field.value = Bill.number(value);
      field.removeAttribute("aria-invalid");
      set(value);
    };
    const value = () => {
      const found = Bill.read(field.value.replaceAll(",", "") || "0");
      return found === null || found > Bill.ONE * 10n ** 9n ? null : found < least ? least : found;
    };
    range.addEventListener("input", () => { put(stops[range.value]); reckon(); });
    field.addEventListener("input", () => {
      const found = value();
      if (found === null) field.setAttribute("aria-invalid", "true");
      else { field.removeAttribute("aria-invalid"); set(found); reckon(); }
    });
    field.addEventListener("change", () => { if (value() !== null) put(value()); });
    fields.set(one.metric, { put, value, least });
    const label = make("label", { for: id }, one.many[0].toUpperCase() + one.many.slice(1));
    return make("div", { class: "slider" }, label, field, range);
  }

  // A fee that every bill has once is nothing to choose.
  const choices = data.metrics.filter((one) => !one.fixed);
  const sight = choices.filter((one) => !one.more).map(slider);
  const folded = choices.filter((one) => one.more).map(slider);
  const form = make("form", { class: "sliders", "aria-label": "Your use a month" }, ...sight);
  form.addEventListener("submit", (event) => event.preventDefault());
  if (folded.length) {
    const more = make("details", {}, make("summary", {}, `${folded.length} more units`), make("div", { class: "inside sliders" }, ...folded));
    form.append(more);
  }
  const apart = make("input", { type: "checkbox", id: "use-apart" });
  apart.checked = !place.hasAttribute("data-strict");
  apart.addEventListener("change", () => reckon());
  if (data.products.length > 1) form.append(make("p", { class: "tick" }, apart, make("label", { for: "use-apart" }, "Price a product without the units that it does not have")));
  const body = make("tbody");
  const table = make("table", { class: "told" }, make("caption", {}, "What each plan costs a month at this use"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col", "data-row-heading": "" }, "Plan"), ...["A month", "How it comes about"].map((text) => make("th", { scope: "col" }, text)))), body);
  const said = make("p", { class: "said", role: "status" });
  const box = make("div", { class: "scroll", role: "region", "aria-label": "Costs at this use", tabindex: 0 }, table);
  place.append(form, said, box);

  const lines = data.products.flatMap((product) => product.plans.map((plan) => {
    const row = make("tr", { "data-plan": `${product.product}/${plan.plan}` });
    const name = data.products.length > 1 ? `${product.name} ${plan.name}` : plan.name;
    const note = plan.ranked ? "" : make("small", {}, "not ranked");
    const title = place.hasAttribute("data-linked") ? make("a", { href: product.page }, name) : name;
    const cost = make("td"), how = make("td", { class: "how" });
    row.append(make("th", { scope: "row" }, title, note), cost, how);
    body.append(row);
    return { product, plan, name, row, cost, how };
  }));

  function steps(bill, product) {
    if (bill.reason) return [bill.reason[0].toUpperCase() + bill.reason.slice(1)];
    return bill.steps.map((step) => {
      const text = step.text + (step.low ? `: ${money(step.low, bill.currency)}` : "");
      // What a step rests on stands on this page, or on the product's own.
      const home = document.getElementById(step.key) ? "" : product.page;
      const line = step.key ? make("a", { class: "figure", href: `${home}#${step.key}` }, text) : text;
      return make("span", { class: "step" }, line);
    });
  }
  // The cheapest first within each currency, what has no figure last; else as the pages have them.
  function byCost(one, other) {
    const [a, b] = [one.bill, other.bill];
    if ((a.high === undefined) !== (b.high === undefined)) return a.high === undefined ? 1 : -1;
    if (a.high === undefined || a.high === b.high) return 0;
    const [left, right] = [a.high ? a.currency || "" : "", b.high ? b.currency || "" : ""];
    return left !== right ? (left < right ? -1 : 1) : a.high < b.high ? -1 : 1;
  }
  function inAll(bills, ranked) {
    const known = `${ranked.length} of ${bills.length} plans have a known cost at this use`;
    const first = [...ranked].sort(byCost)[0];
    return first ? `${known}; ${first.line.name} is the first at ${shown(first.bill)}.` : `${known}.`;
  }
  function reckon() {
    const asked = {};
    for (const [metric, field] of fields) {
      const value = field.value();
      if (value) asked[metric] = value;
    }
    const bills = lines.map((line) => {
      const known = apart.checked
        ? Object.fromEntries(Object.entries(asked).filter(([metric]) => metric === "seat" || line.product.metrics.includes(metric)))
        : asked;
      const without = Object.keys(asked).filter((metric) => !(metric in known)).map((metric) => words[metric][1]);
      return { line, without, bill: price(line.plan, line.product.metrics, known) };
    });
    const ranked = bills.filter((one) => one.line.plan.ranked && one.bill.high !== undefined);
    const best = (rivals) => rivals.reduce((low, one) => (low === null || one.bill.high < low ? one.bill.high : low), null);
    for (const { line, bill, without } of bills) {
      const rivals = ranked.filter((one) => one.line.product === line.product && one.bill.currency === bill.currency);
      const first = line.plan.ranked && rivals.length > 1 && bill.high === best(rivals);
      line.row.dataset.state = bill.state;
      line.row.dataset.low = bill.low === undefined ? "" : Bill.write(bill.low);
      line.row.dataset.high = bill.high === undefined ? "" : Bill.write(bill.high);
      line.row.dataset.currency = bill.currency || "";
      line.row.dataset.reason = bill.reason;
      line.cost.className = first ? "best" : "";
      line.cost.replaceChildren(make("strong", {}, shown(bill)), ...(first ? [" ", make("span", { class: "tag good" }, "cheapest")] : []));
      line.how.replaceChildren(...steps(bill, line.product), ...(without.length && bill.high !== undefined ? [make("small", {}, `without ${without.join(", ")}: it has no such unit`)] : []));
    }
    if (place.hasAttribute("data-strict")) body.append(...[...bills].sort(byCost).map((one) => one.line.row));
    said.textContent = data.products.length > 6 ? inAll(bills, ranked) : data.products.map((product) => {
      const own = ranked.filter((one) => one.line.product === product);
      if (!own.length || new Set(own.map((one) => one.bill.currency)).size > 1) return `${product.name}: no plan with a known cost.`;
      const first = own.find((one) => one.bill.high === best(own));
      return `Cheapest of ${product.name}: ${first.line.plan.name} at ${shown(first.bill)}.`;
    }).join(" ");
    remember(asked);
  }
  let settled = false;
  function remember(asked) {
    if (!settled) return;
    const use = Object.entries(asked).map(([metric, value]) => `${metric}=${Bill.write(value)}`).join("&");
    history.replaceState(null, "", PREFIX + use + (apart.checked === place.hasAttribute("data-strict") ? `&apart=${apart.checked ? 1 : 0}` : ""));
  }
  function recall() {
    const shared = location.hash.startsWith(PREFIX);
    if (!shared && settled) return;
    const asked = shared ? Object.fromEntries(new URLSearchParams(location.hash.slice(PREFIX.length))) : data.start;
    if (asked.apart) apart.checked = asked.apart === "1";
    for (const [metric, field] of fields) {
      const value = Bill.read(asked[metric] || "0");
      field.put(value === null || value < field.least ? field.least : value);
    }
    const before = settled;
    settled = false;
    reckon();
    settled = true;
    if (shared && !before) place.scrollIntoView();
  }
  addEventListener("hashchange", recall);
  recall();
}
