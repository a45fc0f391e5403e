// The stretch of a passage that answers the question.
import { Place } from "../spans/place.js";
import { answer, field_of, kind, stored } from "./field.js";

const NOWHERE = { answer_text: "", start: -1, end: -1, unanswerable: true };

class Passage {
  constructor(root) {
    this.root = root;
    this.place = new Place(root.querySelector("[data-passage]"));
    this.none = root.querySelector("[data-unanswerable]");
    this.clear = root.querySelector("[data-clear]");
    this.place.listen(() => this.draw());
    this.place.root.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.take(event, this.place.selected());
      if (event.key === "Delete" || event.key === "Backspace") this.take(event, null);
    });
    // The selection is final only after this event.
    document.addEventListener("pointerup", () => setTimeout(() => {
      const selected = this.place.text.selection();
      if (!selected) return;
      this.put(selected);
      getSelection().removeAllRanges();
    }, 0));
    this.none?.addEventListener("change", (event) => {
      event.stopPropagation();
      answer(this.root, this.none.checked ? JSON.stringify(NOWHERE) : "");
      this.show();
    });
    this.clear.addEventListener("click", () => this.put(null));
    new ResizeObserver(() => this.draw()).observe(this.place.root);
    this.show();
  }

  take(event, selected) {
    event.preventDefault();
    event.stopPropagation();
    this.put(selected);
  }

  put(selected) {
    const { start, end } = selected ?? {};
    const found = selected && { answer_text: this.place.text.slice(start, end), start, end, unanswerable: false };
    answer(this.root, found ? JSON.stringify(found) : "");
    this.show();
  }

  draw() {
    const given = stored(this.root);
    const color = getComputedStyle(this.root).getPropertyValue("--label-color");
    const spans = given && !given.unanswerable
      ? [{ id: "answer", start: given.start, end: given.end, tag: "Answer", title: given.answer_text, color }]
      : [];
    this.place.layer.draw(spans, null, () => this.clear.focus());
    this.place.show_cursor();
  }

  show() {
    const given = stored(this.root);
    if (this.none) this.none.checked = given?.unanswerable === true;
    this.root.querySelector("[data-answer]").value = given && !given.unanswerable ? `“${given.answer_text}”` : "";
    this.clear.hidden = field_of(this.root).value === "";
    this.draw();
  }
}

export const { attend, refresh } = kind("[data-extractive-qa]", Passage);
