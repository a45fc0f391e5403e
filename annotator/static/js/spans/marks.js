// The spans of the page: made from a selection, relabelled, moved by a word, and taken out, with the mouse or with keys.
import { Layer } from "./draw.js";
import { Text } from "./text.js";

// One text that may be marked; `target` is its field, "" for the item's text.
class Place {
  constructor(root) {
    this.root = root;
    this.target = root.dataset.mark;
    this.text = new Text(root);
    this.layer = new Layer(this.text, root.nextElementSibling);
    this.cursor = null; // { from, to }: words under the keyboard's cursor, both included.
  }

  holds(span) {
    return (span.target_field ?? "") === this.target;
  }

  has_focus() {
    return document.activeElement === this.root;
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
  }

  show_cursor() {
    if (!this.has_focus() || !this.cursor) return;
    const { start, end } = this.under_cursor();
    const base = this.layer.overlay.getBoundingClientRect();
    for (const rect of this.text.range(start, end).getClientRects()) {
      const line = this.layer.line({ color: "59 91 219" }, rect, base, true);
      line.className = "span-cursor";
      this.layer.overlay.append(line);
    }
  }
}

export class Marks {
  // `spans` is id → span; `changed(id, span, before)` hears of each change, a span of null was taken out.
  constructor(roots, spans, changed) {
    this.places = roots.map((root) => new Place(root));
    this.changed = changed;
    this.spans = new Map(Object.entries(spans));
    this.labels = [...document.querySelectorAll("#annotation-forms .span-label")];
    this.chosen = null;
    this.on_choice = () => {}; // Who links spans hears which one was chosen, and that what there is changed.
    this.on_show = () => {};
    this.listen();
    this.show();
    const observer = new ResizeObserver(() => this.draw());
    for (const root of roots) observer.observe(root);
  }

  place_of(span) {
    return this.places.find((place) => place.holds(span));
  }

  // What is selected, and where; null if nothing of these texts is.
  selected() {
    for (const place of this.places) {
      const selection = place.text.selection() ?? (place.has_focus() ? place.under_cursor() : null);
      if (selection) return { place, ...selection };
    }
    return null;
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

  mark(label, { place, start, end }) {
    const { spanSchema: schema, spanLabel: name, spanTitle: title } = label.dataset;
    const id = `${schema}_${name}___${start}_${end}${place.target && `_${place.target}`}`;
    if (this.spans.has(id)) return;
    const target = place.target ? { target_field: place.target } : {};
    this.put({ schema, name, title, start, end, id, ...target, value: name });
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
    this.mark(label, { place: this.place_of(span), start, end });
  }

  // Moves an end of a span to the next word in that direction.
  stretch(id, which, step) {
    const span = this.spans.get(id);
    const borders = this.place_of(span).text.words.map((word) => word[which]);
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
    for (const place of this.places) {
      place.root.addEventListener("focus", () => {
        place.move_cursor(0, false);
        this.draw();
      });
      place.root.addEventListener("blur", () => this.draw());
      place.root.addEventListener("keydown", (event) => this.key(place, event));
    }
  }

  // A label was chosen: it marks what is selected, relabels the chosen span, or is the one for what is selected next.
  use(label) {
    const checked = label.checked;
    for (const other of this.labels) if (other !== label) other.checked = false;
    if (!checked) return;
    const selected = this.selected();
    if (selected) {
      this.mark(label, selected);
      getSelection().removeAllRanges();
    } else if (this.chosen && this.spans.has(this.chosen)) {
      this.relabel(this.chosen, label);
    }
  }

  mark_selection() {
    const label = this.active();
    if (!label || getSelection().isCollapsed) return;
    const selected = this.selected();
    if (!selected) return;
    this.mark(label, selected);
    getSelection().removeAllRanges();
  }

  key(place, event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const label = this.labels.find(({ dataset }) => dataset.key === key.toLowerCase()) ?? (key === "Enter" ? this.active() : null);
    if (step) {
      place.move_cursor(step, shiftKey);
      this.draw();
    } else if (label) {
      label.checked = true;
      this.use(label);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The spans with the words that they mark, and how they look.
  drawn() {
    return [...this.spans.values()].filter((span) => this.place_of(span)).map((span) => {
      const label = this.label_of(span);
      const words = this.place_of(span).text.slice(span.start, span.end);
      return {
        ...span,
        words,
        tag: label?.dataset.spanTag ?? span.name,
        color: label?.dataset.spanColor ?? "128 128 128",
        title: `${span.name}: ${words}`,
      };
    });
  }

  // Over the texts alone: the focus, which may be on its way into a list, is left where it is.
  draw() {
    const drawn = this.drawn();
    for (const place of this.places) {
      place.layer.draw(drawn.filter((span) => place.holds(span)), this.chosen, (id) => this.choose(id));
      place.show_cursor();
    }
  }

  show() {
    this.draw();
    const drawn = this.drawn();
    for (const list of document.querySelectorAll("[data-span-list]")) {
      const own = drawn.filter((span) => span.schema === list.dataset.spanList);
      this.show_list(list, own.sort((a, b) => a.start - b.start || a.end - b.end));
    }
    this.on_show();
  }

  choose(id) {
    this.chosen = id;
    this.show();
    this.on_choice(id);
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
      (row?.querySelector(`[data-act="${had_focus.act}"]`) ?? this.places[0].root).focus({ preventScroll: true });
    }
  }

  row(span) {
    const row = document.createElement("li");
    row.dataset.spanId = span.id;
    row.style.setProperty("--label-color", span.color);
    if (span.id === this.chosen) row.className = "chosen";
    const { words } = span;
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
