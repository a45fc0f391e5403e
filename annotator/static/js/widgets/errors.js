// Errors in a text: a stretch, then its type and how bad it is.
import { Place } from "../spans/place.js";
import { answer, kind, stored } from "./field.js";

// By the place of the severity, the least first.
const COLORS = ["230 119 0", "201 42 42", "134 46 156"];

class Errors {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.severities = [...root.querySelectorAll("input[data-weight]")];
    this.place = new Place(this.part("passage"));
    this.begun = null;
    this.place.listen(() => this.draw());
    this.place.root.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      this.begin(this.place.selected());
    });
    document.addEventListener("pointerup", () => setTimeout(() => this.begin(this.place.text.selection()), 0));
    for (const event of ["input", "change"]) this.part("new").addEventListener(event, (heard) => heard.stopPropagation());
    this.part("new").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.end();
      else if (event.key === "Enter" && !event.target.matches("button")) this.add();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.part("add").addEventListener("click", () => this.add());
    this.part("cancel").addEventListener("click", () => this.end());
    this.part("none").addEventListener("click", () => this.put([]));
    new ResizeObserver(() => this.draw()).observe(this.place.root);
    this.show();
  }

  errors() {
    return stored(this.root)?.errors ?? [];
  }

  begin(selected) {
    if (!selected) return;
    this.begun = selected;
    getSelection().removeAllRanges();
    this.part("words").value = `“${this.place.text.slice(selected.start, selected.end)}”`;
    this.part("new").hidden = false;
    this.part("type").focus();
    this.draw();
  }

  end() {
    this.begun = null;
    this.part("new").hidden = true;
    this.place.root.focus();
    this.draw();
  }

  add() {
    const { start, end } = this.begun;
    const chosen = this.part("type").selectedOptions[0];
    const error = {
      start,
      end,
      text: this.place.text.slice(start, end),
      type: chosen.value,
      subtype: chosen.dataset.subtype ?? "",
      severity: this.severities.find(({ checked }) => checked).value,
    };
    this.put([...this.errors(), error].sort((a, b) => a.start - b.start || a.end - b.end));
    this.end();
  }

  put(errors) {
    const weight = ({ severity }) => Math.abs(Number(this.severities.find(({ value }) => value === severity)?.dataset.weight ?? 0));
    const score = Math.max(Number(this.root.dataset.maxScore) - errors.reduce((sum, error) => sum + weight(error), 0), 0);
    answer(this.root, JSON.stringify({ errors, score }));
    this.show();
  }

  color({ severity }) {
    const place = this.severities.findIndex(({ value }) => value === severity);
    return COLORS[Math.min(Math.max(place, 0), COLORS.length - 1)];
  }

  name({ type, subtype, severity }) {
    return `${severity} · ${subtype ? `${type} › ${subtype}` : type}`;
  }

  draw() {
    const spans = this.errors().map((error, at) => ({
      id: String(at), start: error.start, end: error.end, tag: this.name(error), title: `${this.name(error)}: ${error.text}`,
      color: this.color(error),
    }));
    if (this.begun) spans.push({ id: "begun", ...this.begun, tag: "new", title: "The error to add", color: "59 91 219" });
    this.place.layer.draw(spans, null, () => {});
    this.place.show_cursor();
  }

  show() {
    const errors = this.errors();
    this.part("errors").replaceChildren(...errors.map((error, at) => {
      const row = document.createElement("li");
      row.style.setProperty("--label-color", this.color(error));
      const words = document.createElement("span");
      words.className = "span-name";
      words.textContent = `${this.name(error)} “${error.text}”`;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "quiet";
      remove.textContent = "✕";
      remove.setAttribute("aria-label", `Take ${words.textContent} out`);
      remove.addEventListener("click", () => {
        this.put(errors.filter((_, other) => other !== at));
        this.place.root.focus();
      });
      row.append(words, remove);
      return row;
    }));
    const given = stored(this.root);
    const score = this.part("score");
    if (score) score.value = given ? `Score ${given.score} of ${this.root.dataset.maxScore}` : "";
    this.part("none").hidden = given !== null;
    this.draw();
  }
}

export const { attend, refresh } = kind("[data-error-span]", Errors);
