// Labels that are put in order by their buttons, or by dragging; two may share a place, where the scheme allows it.
const lists = (root) => [...root.querySelectorAll("[data-ranking]")];
const input_of = (list) => list.closest("fieldset").querySelector("input[label_name=rank_order]");
const is_tied = (row) => row.hasAttribute("data-tied") && row.previousElementSibling !== null;
const order_of = (list) => [...list.children]
  .map((row, place) => `${place === 0 ? "" : is_tied(row) ? "=" : ","}${row.dataset.label}`).join("");

const tie = (row, tied) => {
  row.toggleAttribute("data-tied", tied);
  row.querySelector("[data-tie]")?.setAttribute("aria-pressed", tied);
};

const answer = (list) => {
  tie(list.firstElementChild, false);
  const input = input_of(list);
  input.value = order_of(list);
  list.closest("fieldset").querySelector(".ranking-hint").hidden = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

// Who moves leaves a shared place, and comes between those who would share one there.
const alone = (row) => {
  tie(row, false);
  if (row.nextElementSibling) tie(row.nextElementSibling, false);
};

const move = (row, step) => {
  const list = row.parentElement;
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  list.insertBefore(row, step < 0 ? other : other.nextElementSibling);
  alone(row);
  answer(list);
};

// Rows in the order that the field says; for an answer that this device kept.
export const refresh = (root) => {
  for (const list of lists(root)) {
    const order = input_of(list).value;
    if (!order || order === order_of(list)) continue;
    const has_ties = list.querySelector("[data-tie]") !== null;
    for (const place of order.split(",")) {
      (has_ties ? place.split("=") : [place]).forEach((label, n) => {
        const row = [...list.children].find((row) => row.dataset.label === label);
        if (!row) return;
        list.append(row);
        tie(row, n > 0);
      });
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
    const tied = target.closest("[data-tie]")?.closest("li");
    if (tied) {
      tie(tied, !is_tied(tied));
      answer(tied.parentElement);
    }
    const kept = target.closest("[data-keep-order]");
    if (kept) answer(kept.closest("fieldset").querySelector("[data-ranking]"));
  });
  for (const row of root.querySelectorAll("[data-ranking] li")) row.draggable = true;
  let dragged = null;
  let before = "";
  root.addEventListener("dragstart", ({ target }) => {
    dragged = target.closest?.("[data-ranking] li");
    before = dragged ? order_of(dragged.parentElement) : "";
  });
  root.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-ranking] li");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    over.parentElement.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  });
  root.addEventListener("dragend", () => {
    if (dragged && order_of(dragged.parentElement) !== before) alone(dragged);
    if (dragged) answer(dragged.parentElement);
    dragged = null;
  });
};
