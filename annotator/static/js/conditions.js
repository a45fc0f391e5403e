// Forms that come and go with the answers to others. The server decides the same when a page is left (conditions in `project`).
import { read } from "./answers.js";

const number = (value) => {
  const text = String(value).trim();
  return text !== "" && /^[-+.\deE]+$/.test(text) ? Number(text) : NaN;
};

const same = (value, wanted) => {
  const [a, b] = [number(value), number(wanted)];
  return Number.isNaN(a) || Number.isNaN(b) ? String(value).trim() === String(wanted).trim() : a === b;
};

const pattern = (text) => {
  try {
    return new RegExp(text, "u");
  } catch {
    return new RegExp(text);
  }
};

const holds = ({ operator, value }, labels) => {
  const given = Object.entries(labels).filter(([, value]) => String(value ?? "").trim() !== "");
  const values = given.map(([, value]) => value);
  const wanted = Array.isArray(value) ? value : [value];
  const limit = number(value);
  const [low, high] = wanted.map(number);
  const numbers = values.map(number).filter((value) => !Number.isNaN(value));
  const length = values.reduce((sum, value) => sum + [...String(value).trim()].length, 0);
  const equals = () => values.some((value) => wanted.some((one) => same(value, one)));
  const contains = () => given.some(([label, value]) =>
    wanted.some((one) => (value === label ? same(value, one) : String(value).includes(String(one).trim()))));
  const in_range = () => numbers.some((value) => low <= value && value <= high);
  switch (operator.trim().toLowerCase()) {
    case "equals": return equals();
    case "not_equals": return !equals();
    case "contains": return contains();
    case "not_contains": return !contains();
    case "matches": return values.some((text) => pattern(value).test(String(text).trim()));
    case "gt": return numbers.some((value) => value > limit);
    case "gte": return numbers.some((value) => value >= limit);
    case "lt": return numbers.some((value) => value < limit);
    case "lte": return numbers.some((value) => value <= limit);
    case "in_range": return in_range();
    case "not_in_range": return !in_range();
    case "empty": return values.length === 0;
    case "not_empty": return values.length > 0;
    case "length_gt": return length > limit;
    case "length_lt": return length < limit;
    case "length_in_range": return low <= length && length <= high;
    case "count_gt": return values.length > limit;
    case "count_lt": return values.length < limit;
    case "count_equals": return values.length === limit;
    default: return true;
  }
};

const list = (entries) => (Array.isArray(entries) ? entries : [entries]);

const met = (entry, answer) => {
  if (entry.all) return list(entry.all).every((one) => met(one, answer));
  if (entry.any) return list(entry.any).some((one) => met(one, answer));
  if (entry.not) return !met(list(entry.not)[0], answer);
  return holds(entry, answer(entry.schema));
};

export const rule = ({ show_when, logic }, answer) => {
  const entries = list(show_when);
  const one = (entry) => met(entry, answer);
  return String(logic ?? "all").trim().toLowerCase() === "any" ? entries.some(one) : entries.every(one);
};

const containers = [...document.querySelectorAll(".display-logic-container")].map((element) => ({
  element,
  logic: JSON.parse(element.dataset.displayLogic),
}));

// Shows and hides what depends on what is answered now.
export const refresh = () => {
  for (const { element, logic } of containers) element.hidden = !rule(logic, read);
};
