// One text that may be marked, with the mouse, or with a cursor that goes from word to word.
import { Layer } from "./draw.js";
import { Text } from "./text.js";

// `target` is the text's field, "" for the item's text; the element after the root is the one to draw on.
export class Place {
  constructor(root) {
    this.root = root;
    this.target = root.dataset.mark ?? "";
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

  // What is selected, or under the cursor; null if nothing of this text is.
  selected() {
    return this.text.selection() ?? (this.has_focus() ? this.under_cursor() : null);
  }

  // Moves the cursor with the arrows; `draw` is called when it has moved.
  listen(draw) {
    this.root.addEventListener("focus", () => {
      this.move_cursor(0, false);
      draw();
    });
    this.root.addEventListener("blur", draw);
    this.root.addEventListener("keydown", (event) => {
      const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step || ctrlKey || metaKey || altKey) return;
      this.move_cursor(step, shiftKey);
      draw();
      event.preventDefault();
      event.stopPropagation();
    });
  }
}
