// Best and worst of a tuple are different texts: who chooses one for both has changed his mind about the other.
import { kind } from "./field.js";

class Tuple {
  constructor(root) {
    root.addEventListener("change", ({ target }) => {
      const label = target.getAttribute("label_name");
      for (const other of root.querySelectorAll("input:checked")) {
        if (other.getAttribute("label_name") !== label && other.value === target.value) other.checked = false;
      }
    }, true);
  }

  show() {}
}

export const { attend, refresh } = kind("[data-bws]", Tuple);
