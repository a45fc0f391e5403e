// Small services of the fields: a text area that grows, a count of characters, no pasting where the study asks so.
import { touched } from "./answers.js";

// Keys by which a slider is set; the space bar takes it where it stands.
const SETTLES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", " "]);

const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};

const count = (field) => {
  const output = field.parentElement.querySelector("output.char-count");
  if (output) output.value = [...field.value].length;
};

// Sliders that are one answer together: who moves one has said all of them.
const together = (input) => {
  const group = input.closest(".shares, [data-range]");
  if (!group) return;
  for (const other of group.querySelectorAll("input[type=range]")) touched(other);
  const [low, high] = group.matches("[data-range]") ? group.querySelectorAll("input") : [];
  if (low && Number(low.value) > Number(high.value)) {
    (input === low ? high : low).value = input.value;
    touched(low);
    touched(high);
  }
};

const sum_up = (shares) => {
  const total = Number(shares.dataset.total);
  const shared = [...shares.querySelectorAll("input")].reduce((sum, input) => sum + (Number(input.value) || 0), 0);
  const left = Math.round((total - shared) * 100) / 100;
  const words = left > 0 ? `${left} of ${total} left to share out` : `${-left} too many of ${total}`;
  shares.querySelector(".share-sum").textContent = left === 0 ? `All ${total} are shared out` : words;
};

export const refresh = () => {
  for (const shares of document.querySelectorAll(".shares")) sum_up(shares);
  for (const area of document.querySelectorAll("textarea.grows")) grow(area);
  for (const field of document.querySelectorAll(".text-field .annotation-input")) count(field);
};

export const attend = (root) => {
  root.addEventListener("input", ({ target }) => {
    if (target.matches("textarea.grows")) grow(target);
    if (target.matches(".text-field .annotation-input")) count(target);
    if (target.type === "range") touched(target);
    together(target);
    const shares = target.closest(".shares");
    if (shares) sum_up(shares);
  });
  root.addEventListener("paste", (event) => {
    if (event.target.closest("[data-no-paste]")) event.preventDefault();
  });
  // A range takes its place as the answer when it is set to where it stands, too: by a click, or by a key that moves it no further.
  const settle = ({ target }) => {
    if (target.type === "range" && target.dataset.serverSet !== "true") {
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  root.addEventListener("pointerup", settle);
  root.addEventListener("keyup", (event) => {
    if (SETTLES.has(event.key)) settle(event);
  });
  refresh();
};
