// A text that is made better: what was changed is shown and counted while it is typed.
import { distance, pieces } from "./difference.js";
import { answer, kind, stored } from "./field.js";

// Beyond this many comparisons the difference is shown as one piece, so that typing stays quick.
const MOST = 4_000_000;
const PAUSE = 300;

// Words, and the white space between them.
const split = (text) => text.match(/\s+|\S+/gu) ?? [];
const words = (text) => text.match(/\S+/gu) ?? [];

class Edit {
  constructor(root) {
    this.root = root;
    this.area = root.querySelector("textarea");
    this.original = root.dataset.original;
    this.pause = null;
    this.area.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.put(), PAUSE);
    });
    this.area.addEventListener("change", (event) => {
      event.stopPropagation();
      this.put();
    });
    root.querySelector("[data-reset]")?.addEventListener("click", () => {
      this.area.value = this.original;
      this.area.focus();
      this.put();
    });
    root.querySelector("[data-as-it-is]").addEventListener("click", () => this.put());
    addEventListener("pagehide", () => this.pause && this.put());
    this.draw();
  }

  put() {
    clearTimeout(this.pause);
    this.pause = null;
    const edited = this.area.value;
    answer(this.root, JSON.stringify({
      edited_text: edited,
      original_text: this.original,
      edit_distance_chars: distance([...this.original], [...edited]),
      edit_distance_words: distance(words(this.original), words(edited)),
    }));
    this.draw();
  }

  draw() {
    const answer = stored(this.root);
    const output = this.root.querySelector("[data-distance]");
    const changed = answer && answer.edited_text !== this.original;
    if (output) {
      output.value = !answer ? "" : !changed ? "Left as it is" :
        `${answer.edit_distance_chars} characters, ${answer.edit_distance_words} words changed`;
    }
    const shown = this.root.querySelector("[data-diff]");
    if (!shown) return;
    shown.hidden = !changed;
    if (!changed) return;
    const [before, after] = [split(this.original), split(answer.edited_text)];
    const found = before.length * after.length > MOST
      ? [{ kind: "out", text: this.original }, { kind: "in", text: answer.edited_text }]
      : pieces(before, after);
    shown.replaceChildren(...found.map(({ kind, text }) => {
      if (kind === "same") return document.createTextNode(text);
      const piece = document.createElement(kind === "in" ? "ins" : "del");
      piece.textContent = text;
      return piece;
    }));
  }

  show() {
    this.area.value = stored(this.root)?.edited_text ?? this.original;
    this.draw();
  }
}

export const { attend, refresh } = kind("[data-text-edit]", Edit);
