// The spans of the page: made from a selection, relabelled, moved by a word, and taken out, with the mouse or with keys.
import { Layer } from "./draw.js";
import { Text } from "./text.js";

export class Marks {
  // `changed(id, span)` hears of each change; a span of null was taken out.
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.text = new Text(root);
    this.layer = new Layer(this.text, document.getElementById("span-overlays"));
    this.spans = new Map(Object.entries(JSON.parse(root.dataset.spans)));
    this.labels = [...document.querySelectorAll("#annotation-forms .span-label")];
    this.chosen = null;
    this.cursor = null; // { from, to }: words under the keyboard's cursor, both included.
    this.listen();
    this.show();
    new ResizeObserver(() => this.show()).observe(root);
  }

  any() {
    return this.spans.size > 0;
  }

  // Spans that this device kept and that are newer than the page's.
  restore(kept) {
    for (const [id, span] of Object.entries(kept)) {
      if (span) this.spans.set(id, span);
      else this.spans.delete(id);
    }
    this.show();
  }

  label_of(span) {
    return this.labels.find(({ dataset }) => dataset.spanSchema === span.schema && dataset.spanLabel === span.name);
  }

  active() {
    return this.labels.find((label) => label.checked);
  }

  mark(label, { start, end }) {
    const { spanSchema: schema, spanLabel: name, spanTitle: title } = label.dataset;
    const id = `${schema}_${name}___${start}_${end}`;
    if (this.spans.has(id)) return;
    this.put({ schema, name, title, start, end, id, value: name });
    this.chosen = id;
    this.show();
  }

  put(span) {
    this.spans.set(span.id, span);
    this.changed(span.id, span);
    this.show();
  }

  remove(id) {
    const span = this.spans.get(id);
    if (!span) return;
    this.spans.delete(id);
    if (this.chosen === id) this.chosen = null;
    this.changed(id, null, span);
    this.show();
  }

  relabel(id, label) {
    const { spanSchema: schema, spanLabel: name, spanTitle: title } = label.dataset;
    const span = this.spans.get(id);
    if (span.schema === schema && span.name === name) return;
    const { start, end } = span;
    this.remove(id);
    this.mark(label, { start, end });
  }

  // Moves an end of a span to the next word in that direction.
  stretch(id, which, step) {
    const span = this.spans.get(id);
    const borders = this.text.words.map((word) => word[which]);
    const next = step > 0 ? borders.find((at) => at > span[which]) : borders.findLast((at) => at < span[which]);
    const moved = { ...span, [which]: next };
    if (next === undefined || moved.start >= moved.end) return;
    this.put(moved);
  }

  listen() {
    for (const label of this.labels) {
      label.addEventListener("change", (event) => {
        event.stopPropagation();
        this.use(label);
      });
    }
    document.addEventListener("pointerup", (event) => {
      // The selection is final only after this event.
      if (!event.target.closest?.(".span-tag")) setTimeout(() => this.mark_selection(), 0);
    });
    this.root.addEventListener("focus", () => this.move_cursor(0, false));
    this.root.addEventListener("blur", () => this.show());
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  // A label was chosen: it marks what is selected, relabels the chosen span, or is the one for what is selected next.
  use(label) {
    const checked = label.checked;
    for (const other of this.labels) if (other !== label) other.checked = false;
    if (!checked) return;
    const selected = this.text.selection() ?? (document.activeElement === this.root ? this.under_cursor() : null);
    if (selected) {
      this.mark(label, selected);
      getSelection().removeAllRanges();
    } else if (this.chosen && this.spans.has(this.chosen)) {
      this.relabel(this.chosen, label);
    }
  }

  mark_selection() {
    const label = this.active();
    const selected = label && this.text.selection();
    if (!selected) return;
    this.mark(label, selected);
    getSelection().removeAllRanges();
  }

  under_cursor() {
    if (!this.cursor) return null;
    const [first, last] = [Math.min(this.cursor.from, this.cursor.to), Math.max(this.cursor.from, this.cursor.to)];
    return { start: this.text.words[first].start, end: this.text.words[last].end };
  }

  move_cursor(step, extend) {
    const last = this.text.words.length - 1;
    if (last < 0) return;
    const to = Math.min(Math.max((this.cursor?.to ?? 0) + step, 0), last);
    this.cursor = { from: extend ? this.cursor.from : to, to };
    this.show();
  }

  key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const label = this.labels.find(({ dataset }) => dataset.key === key.toLowerCase()) ?? (key === "Enter" ? this.active() : null);
    if (step) this.move_cursor(step, shiftKey);
    else if (label) {
      label.checked = true;
      this.use(label);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show() {
    const drawn = [...this.spans.values()].map((span) => {
      const label = this.label_of(span);
      return {
        ...span,
        tag: label?.dataset.spanTag ?? span.name,
        color: label?.dataset.spanColor ?? "128 128 128",
        title: `${span.name}: ${this.text.slice(span.start, span.end)}`,
      };
    });
    this.layer.draw(drawn, this.chosen, (id) => this.choose(id));
    if (document.activeElement === this.root && this.cursor) this.show_cursor();
    for (const list of document.querySelectorAll("[data-span-list]")) {
      const own = drawn.filter((span) => span.schema === list.dataset.spanList);
      this.show_list(list, own.sort((a, b) => a.start - b.start || a.end - b.end));
    }
  }

  show_cursor() {
    const { start, end } = this.under_cursor();
    const base = this.layer.overlay.parentElement.getBoundingClientRect();
    for (const rect of this.text.range(start, end).getClientRects()) {
      const line = this.layer.line({ color: "59 91 219" }, rect, base, true);
      line.className = "span-cursor";
      this.layer.overlay.append(line);
    }
  }

  choose(id) {
    this.chosen = id;
    this.show();
    document.querySelector(`[data-span-id="${CSS.escape(id)}"] button`)?.focus();
  }

  // The same spans as a list that keys and screen readers reach.
  show_list(list, spans) {
    const had_focus = list.contains(document.activeElement)
      ? { id: document.activeElement.closest("li").dataset.spanId, act: document.activeElement.dataset.act }
      : null;
    list.replaceChildren(...spans.map((span) => this.row(span)));
    if (had_focus) {
      const row = list.querySelector(`[data-span-id="${CSS.escape(had_focus.id)}"]`) ?? list.lastElementChild;
      (row?.querySelector(`[data-act="${had_focus.act}"]`) ?? this.root).focus({ preventScroll: true });
    }
  }

  row(span) {
    const row = document.createElement("li");
    row.dataset.spanId = span.id;
    row.style.setProperty("--label-color", span.color);
    if (span.id === this.chosen) row.className = "chosen";
    const words = this.text.slice(span.start, span.end);
    const button = (act, text, name, does) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.act = act;
      button.className = act === "choose" ? "span-name" : "quiet";
      button.textContent = text;
      button.setAttribute("aria-label", name);
      button.title = name;
      button.addEventListener("click", does);
      row.append(button);
    };
    const named = `${span.tag} “${words}”`;
    button("choose", named, `${named}: choose it, to give it another label`, () => this.choose(span.id));
    button("start-left", "⇤", `Begin ${named} a word earlier`, () => this.stretch(span.id, "start", -1));
    button("start-right", "↦", `Begin ${named} a word later`, () => this.stretch(span.id, "start", 1));
    button("end-left", "↤", `End ${named} a word earlier`, () => this.stretch(span.id, "end", -1));
    button("end-right", "⇥", `End ${named} a word later`, () => this.stretch(span.id, "end", 1));
    button("remove", "✕", `Take ${named} out`, () => this.remove(span.id));
    row.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      this.remove(span.id);
    });
    return row;
  }
}
