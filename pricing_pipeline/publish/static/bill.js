// What a plan charges a month at a use, from its published tariff: the same sums as the command `cost`, in exact decimals.
"use strict";
const Bill = (() => {
  // A decimal is a BigInt of 10^-30: exact for what pages state, and rounded to 10 places where a part is kept.
  const PLACES = 30, ONE = 10n ** 30n, KEPT = 10n ** 20n, LIMIT = 10n ** 40n;
  const ORDER = ["not_applicable", "infeasible", "contact_sales", "unknown"];

  function read(text) {
    const found = /^\s*(\d*)(?:\.(\d*))?\s*$/.exec(text);
    if (!found || !(found[1] || found[2])) return null;
    return BigInt((found[1] || "0") + (found[2] || "").slice(0, PLACES).padEnd(PLACES, "0"));
  }
  function write(value) {
    const digits = value.toString().padStart(PLACES + 1, "0");
    const fraction = digits.slice(-PLACES).replace(/0+$/, "");
    return digits.slice(0, -PLACES) + (fraction && "." + fraction);
  }
  // To ten places, halves to the even one, from the product of two decimals.
  function times(one, other) {
    return kept(one * other, ONE * KEPT) * KEPT;
  }
  function kept(value, unit) {
    const half = (value % unit) * 2n, whole = value / unit;
    return half > unit || (half === unit && whole % 2n === 1n) ? whole + 1n : whole;
  }
  const keep = (value) => kept(value, KEPT) * KEPT;
  const number = (value) => {
    const [whole, fraction] = write(value).split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? "." + fraction : "");
  };
  const least = (a, b) => (a < b ? a : b), most = (a, b) => (a > b ? a : b);

  const nothing = () => ({ steps: [], low: 0n, high: 0n, currencies: new Set() });
  const failed = (state, reason, key) => ({ ...nothing(), steps: [{ text: reason, key }], failure: state, reason });
  function charge(text, low, high, currency, key) {
    const part = { steps: [{ text, low: keep(low), high: keep(high), key }], low: keep(low), high: keep(high) };
    return { ...part, currencies: new Set(low || high ? [currency] : []) };
  }
  function together(parts) {
    const total = nothing();
    for (const part of parts) {
      total.steps.push(...part.steps);
      total.low += part.low;
      total.high += part.high;
      for (const currency of part.currencies) total.currencies.add(currency);
      if (part.failure && (!total.failure || ORDER.indexOf(part.failure) < ORDER.indexOf(total.failure))) {
        total.failure = part.failure;
        total.reason = part.reason;
      }
    }
    return total;
  }
  function scaled(text, units, low, high, currency, key) {
    const part = charge(text, 0n, 0n, currency, key);
    part.low = part.steps[0].low = times(units, low);
    part.high = part.steps[0].high = times(units, high);
    if (units && (low || high)) part.currencies.add(currency);
    return part;
  }

  // `words` are the metrics' nouns: {credit: ["credit", "credits"]}.
  function calculator(words) {
    const noun = (metric, value) => (words[metric] || [metric, metric])[value === ONE ? 0 : 1];
    const counted = (value, metric) => `${number(value)} ${noun(metric, value)}`;

    function rated(rule, used, included, metric) {
      if (rule.kind === "none") return failed(rule.state, rule.why);
      const bands = rule.bands.map(([start, end, low, high, currency, key]) => (
        { start: read(start), end: end === null ? null : read(end), low: read(low), high: read(high), currency, key }));
      if (bands.length === 1 && bands[0].start <= included) return within(bands, used, included, metric);
      if (rule.kind === "volume") return volume(bands, used, included, metric);
      if (rule.kind === "graduated") return within(bands, used, included, metric);
      return either(bands, used, included, metric);
    }
    const line = (band, units, above, metric) =>
      scaled(counted(units, metric) + above, units, band.low, band.high, band.currency, band.key);
    function within(bands, used, included, metric) {
      let reached = included;
      const parts = [];
      for (const band of bands) {
        const first = most(reached, band.start), last = band.end === null ? used : least(used, band.end);
        if (last <= first || band.start > reached) continue;
        const above = bands.length > 1 ? (first ? ` above ${number(first)}` : "") : over(included);
        parts.push(line(band, last - first, above, metric));
        reached = last;
      }
      if (reached < used)
        return failed("unknown", `no price for ${counted(used, metric)} is stated, only up to ${number(reached)}`,
          bands[0].key);
      return together(parts);
    }
    const over = (included) => (included ? ` over ${number(included)} included` : "");
    function volume(bands, used, included, metric) {
      const band = bands.find((one) => one.start < used && (one.end === null || used <= one.end));
      if (!band) return failed("unknown", `no price for ${counted(used, metric)} is stated`, bands[0].key);
      return line(band, used - included, over(included), metric);
    }
    function either(bands, used, included, metric) {
      const added = within(bands, used, included, metric), whole = volume(bands, used, included, metric);
      if (added.failure || whole.failure || (added.low === whole.low && added.high === whole.high))
        return added.failure || !whole.failure ? added : whole;
      const text = `${counted(used, metric)} in bands, which the page does not say how to add up`;
      const low = least(added.low, whole.low), high = most(added.high, whole.high);
      return charge(text, low, high, bands[0].currency, bands[0].key);
    }

    function fee(rule, usage) {
      if (rule.kind === "none") return failed(rule.state, rule.why, rule.key);
      if (rule.kind === "free") return charge("Free", 0n, 0n, null, rule.key);
      const low = rule.low && read(rule.low), high = rule.high ? read(rule.high) : low;
      if (rule.kind === "flat") return charge("Base fee", low, high, rule.currency, rule.key);
      const used = usage[rule.metric] || 0n;
      const billed = rule.least ? most(used, read(rule.least)) : used;
      if (rule.kind === "tiers") return rated(rule.rates, billed, 0n, rule.metric);
      const why = used ? ` (at least ${number(billed)} are billed)` : " (mandatory)";
      const note = billed > used ? why : "";
      if (!rule.size) return scaled(counted(billed, rule.metric) + note, billed, low, high, rule.currency, rule.key);
      const size = read(rule.size), packs = ((billed + size - 1n) / size) * ONE;
      const text = `${number(packs)} × ${counted(size, rule.metric)}${note}`;
      return scaled(text, packs, low, high, rule.currency, rule.key);
    }
    function fees(tariff, usage) {
      const needs = tariff.needs;
      if (needs.length && needs.every((metric) => usage[metric] === undefined))
        return failed("unknown", `it is charged per ${noun(needs[0], ONE)}: the workload does not say how many`);
      return together(tariff.fees.map((rule) => fee(rule, usage)));
    }
    function use(rule, metric, asked, seats) {
      if (!rule) return failed("unknown", `it says nothing of ${noun(metric)}`);
      const failure = asked ? unfit(rule, metric, asked) : null;
      if (failure) return failure;
      const used = rule.least ? most(asked, read(rule.least)) : asked;
      if (rule.kind === "none") return failed(rule.state, rule.why, rule.key);
      if (rule.kind === "free") {
        const why = rule.most === undefined ? ": nothing further" : ` within its limit of ${number(read(rule.most))}`;
        return charge(counted(used, metric) + why, 0n, 0n, null, rule.key || rule.capkey);
      }
      if (rule.kind === "rated") return rated(rule.rates, used, 0n, metric);
      const total = rule.per_seat ? (read(rule.included) * seats) / ONE : read(rule.included);
      if (used <= total)
        return charge(`${counted(used, metric)} of ${number(total)} included`, 0n, 0n, null, rule.key);
      if (rule.rates) return rated(rule.rates, used, total, metric);
      const beyond = `no price for ${noun(metric)} beyond the ${number(total)} included is stated`;
      return failed("unknown", rule.beyond || beyond, rule.key);
    }
    // Why a use is not to be had; null where it is.
    function unfit(rule, metric, used) {
      if (rule.most !== undefined && used > read(rule.most))
        return failed("infeasible", `${counted(used, metric)}: it allows at most ${number(read(rule.most))}`, rule.capkey);
      if (rule.never) return failed("infeasible", `${counted(used, metric)}: not included`, rule.capkey);
      return rule.cap ? failed(rule.cap.state, rule.cap.why, rule.capkey) : null;
    }
    function floor(rule, total) {
      if (!rule) return nothing();
      if (rule.kind === "none") return failed(rule.state, rule.why, rule.key);
      const amount = read(rule.low);
      if (amount <= total.low) return nothing();
      const rest = amount > total.high ? amount - total.high : 0n;
      return charge("Up to the minimum spend", amount - total.low, rest, rule.currency, rule.key);
    }

    // The bill of a plan: {state, low, high, currency, reason, steps}; `metrics` are all of its product, `asked` maps metrics to
    // decimals, one seat at least.
    return function price(tariff, metrics, asked) {
      const usage = { seat: ONE };
      for (const metric of Object.keys(asked)) if (asked[metric]) usage[metric] = asked[metric];
      const used = Object.keys(usage).filter((metric) => usage[metric] > (metric === "seat" ? ONE : 0n)).sort();
      const stranger = used.find((metric) => !metrics.includes(metric));
      if (stranger) return { state: "not_applicable", reason: `it has no ${noun(stranger)}`, steps: [] };
      const parts = [fees(tariff, usage)];
      const required = Object.keys(tariff.uses).filter((metric) => tariff.uses[metric].least);
      for (const metric of [...new Set([...Object.keys(usage), ...required])].sort()) {
        if (!tariff.uses[metric] && !used.includes(metric)) continue;
        const part = use(tariff.uses[metric], metric, usage[metric] || 0n, usage.seat);
        if (used.includes(metric) || part.failure || part.high) parts.push(part);
      }
      const sum = together(parts), total = together([sum, floor(tariff.floor, sum)]);
      if (total.failure) return { state: total.failure, reason: total.reason, steps: total.steps };
      const names = [...total.currencies].map((name) => name || "an unstated currency").sort();
      const why = names.length > 1 ? `its prices are in ${names.join(" and ")}`
        : total.high >= LIMIT ? "the sum is too large to keep" : "";
      if (why) return { state: "unknown", reason: why, steps: total.steps };
      const currency = total.currencies.size ? [...total.currencies][0] : tariff.currency;
      const state = total.low === total.high ? "exact" : "range";
      return { state, low: total.low, high: total.high, currency, reason: "", steps: total.steps };
    };
  }
  return { calculator, read, write, number, ONE };
})();
