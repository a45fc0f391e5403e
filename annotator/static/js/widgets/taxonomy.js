// Labels of a tree: boxes inside of lists, with a search.
import { answer, field_of, kind } from "./field.js";

class Taxonomy {
  constructor(root) {
    this.root = root;
    this.boxes = [...root.querySelectorAll("input[type=checkbox]")];
    this.search = root.querySelector(".taxonomy-search");
    root.addEventListener("change", (event) => {
      if (event.target.type === "checkbox") this.chosen(event);
    });
    this.search?.addEventListener("input", (event) => {
      event.stopPropagation();
      this.find();
    });
  }

  children(box) {
    return [...box.closest("li").querySelectorAll(":scope > ul input[type=checkbox]")];
  }

  // The boxes above, the nearest first.
  parents(box) {
    const parents = [];
    for (let at = box.closest("li").parentElement.closest("li"); at; at = at.parentElement.closest("li")) {
      parents.push(at.querySelector("input[type=checkbox]"));
    }
    return parents;
  }

  chosen(event) {
    event.stopPropagation();
    const box = event.target;
    const before = this.boxes.map((other) => (other === box ? !box.checked : other.checked));
    if ("down" in this.root.dataset) for (const child of this.children(box)) child.checked = box.checked;
    if ("up" in this.root.dataset) {
      for (const parent of this.parents(box)) parent.checked = this.children(parent).every((child) => child.checked);
    }
    const most = Number(this.root.dataset.most ?? Infinity);
    const names = this.boxes.filter(({ checked }) => checked).map(({ value }) => value);
    if (names.length > most) {
      this.boxes.forEach((other, at) => { other.checked = before[at]; });
      this.say(`At most ${most} labels: take one out first.`);
      return;
    }
    this.say("");
    answer(this.root, names.join(","));
  }

  say(words) {
    const line = this.root.querySelector(".taxonomy-none");
    line.textContent = words;
    line.hidden = words === "";
  }

  // Only the labels that contain the words, and those above them.
  find() {
    const words = this.search.value.trim().toLocaleLowerCase();
    const rows = [...this.root.querySelectorAll("li")];
    for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(words);
    this.say(rows.every((row) => row.hidden) ? `No label contains “${this.search.value}”.` : "");
  }

  show() {
    const names = field_of(this.root).value.split(",");
    for (const box of this.boxes) box.checked = names.includes(box.value);
  }
}

export const { attend, refresh } = kind("[data-taxonomy]", Taxonomy);
