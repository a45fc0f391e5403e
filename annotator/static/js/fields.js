// Small services of the fields: a text area that grows, a count of characters, no pasting where the study asks so.
import { touched } from "./answers.js";

const grow = (area) => {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};

const count = (field) => {
  const output = field.parentElement.querySelector("output.char-count");
  if (output) output.value = [...field.value].length;
};

export const refresh = () => {
  for (const area of document.querySelectorAll("textarea.grows")) grow(area);
  for (const field of document.querySelectorAll(".text-field .annotation-input")) count(field);
};

export const attend = (root) => {
  root.addEventListener("input", ({ target }) => {
    if (target.matches("textarea.grows")) grow(target);
    if (target.matches(".text-field .annotation-input")) count(target);
    if (target.type === "range") touched(target);
  });
  root.addEventListener("paste", (event) => {
    if (event.target.closest("[data-no-paste]")) event.preventDefault();
  });
  // A range takes its place as the answer when it is set to where it stands, too.
  root.addEventListener("pointerup", ({ target }) => {
    if (target.type === "range" && target.dataset.serverSet !== "true") {
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  refresh();
};
