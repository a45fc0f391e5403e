// Labels that are put in order by their buttons, or by dragging.
const lists = (root) => [...root.querySelectorAll("[data-ranking]")];
const input_of = (list) => list.closest("fieldset").querySelector("input[label_name=rank_order]");
const order_of = (list) => [...list.children].map((row) => row.dataset.label).join(",");

const answer = (list) => {
  const input = input_of(list);
  input.value = order_of(list);
  list.closest("fieldset").querySelector(".ranking-hint").hidden = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const move = (row, step) => {
  const list = row.parentElement;
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  list.insertBefore(row, step < 0 ? other : other.nextElementSibling);
  answer(list);
};

// Rows in the order that the field says; for an answer that this device kept.
export const refresh = (root) => {
  for (const list of lists(root)) {
    const order = input_of(list).value;
    if (!order || order === order_of(list)) continue;
    for (const label of order.split(",")) {
      const row = [...list.children].find((row) => row.dataset.label === label);
      if (row) list.append(row);
    }
  }
};

export const attend = (root) => {
  root.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]");
    if (step) {
      move(step.closest("li"), Number(step.dataset.step));
      step.focus();
    }
    const kept = target.closest("[data-keep-order]");
    if (kept) answer(kept.closest("fieldset").querySelector("[data-ranking]"));
  });
  for (const row of root.querySelectorAll("[data-ranking] li")) row.draggable = true;
  let dragged = null;
  root.addEventListener("dragstart", ({ target }) => { dragged = target.closest?.("[data-ranking] li"); });
  root.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-ranking] li");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    over.parentElement.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  });
  root.addEventListener("dragend", () => {
    if (dragged) answer(dragged.parentElement);
    dragged = null;
  });
};
