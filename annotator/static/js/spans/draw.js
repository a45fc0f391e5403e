// Spans over the text: a background on each line, and the label as a small tag above the first. The text itself stays as it is, so
// that offsets never move.

const TAG_HEIGHT = 16;

export class Layer {
  // `text` is a Text, `overlay` an element over it that starts where its parent does.
  constructor(text, overlay) {
    this.text = text;
    this.overlay = overlay;
  }

  // Draws `spans` ({ id, start, end, tag, color, title }); `chosen` is the id that has the focus. `act` hears of clicks on a tag.
  draw(spans, chosen, act) {
    const base = this.overlay.getBoundingClientRect();
    const pieces = document.createDocumentFragment();
    const levels = [];
    for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
      const level = free_level(levels, span);
      const stretches = [span, ...(span.additional_parts ?? [])].map(({ start, end }) => this.text.range(start, end));
      const rects = stretches.flatMap((range) => [...range.getClientRects()]).filter((rect) => rect.width > 0);
      for (const rect of rects) pieces.append(this.line(span, rect, base, span.id === chosen));
      if (rects.length > 0) pieces.append(this.tag(span, rects[0], base, level, span.id === chosen, act));
    }
    this.overlay.replaceChildren(pieces);
    this.part_tags();
  }

  // A tag ends where the next one on its line begins; all of it is there under the mouse.
  part_tags() {
    const tags = [...this.overlay.querySelectorAll(".span-tag")].map((tag) => ({ tag, left: tag.offsetLeft, top: tag.offsetTop, width: tag.offsetWidth }));
    for (const { tag, left, top, width } of tags) {
      const next = Math.min(...tags.filter((other) => other.top === top && other.left > left).map((other) => other.left));
      if (left + width > next) tag.style.maxWidth = `${next - left - 1}px`;
    }
  }

  line({ color }, rect, base, chosen) {
    const line = document.createElement("div");
    line.className = chosen ? "span-line chosen" : "span-line";
    line.style.setProperty("--label-color", color);
    place(line, rect.left - base.left, rect.top - base.top, rect.width, rect.height);
    return line;
  }

  tag({ id, tag, title, color }, rect, base, level, chosen, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = chosen ? "span-tag chosen" : "span-tag";
    button.tabIndex = -1; // The list under the labels is the way for the keyboard.
    button.style.setProperty("--label-color", color);
    button.textContent = tag;
    button.title = title;
    button.style.left = `${rect.left - base.left}px`;
    button.style.top = `${rect.top - base.top - TAG_HEIGHT * 0.8 * (1 + level)}px`;
    button.addEventListener("click", () => act(id));
    return button;
  }
}

const place = (element, left, top, width, height) => {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
};

// The lowest level on which nothing that starts here is drawn yet.
const free_level = (levels, span) => {
  const level = levels.findIndex((end) => end <= span.start);
  const chosen = level < 0 ? levels.length : level;
  levels[chosen] = span.end;
  return chosen;
};
