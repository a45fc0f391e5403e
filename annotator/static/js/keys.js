// Everything by keyboard. A key counts only where it is not being typed.

const typing = (element) =>
  element?.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=range])");

const choose = (key) => {
  const found = document.querySelectorAll(`#annotation-forms input[data-key="${CSS.escape(key)}"]`);
  const input = [...found].find((input) => !input.closest("[hidden]"));
  if (!input) return false;
  input.closest("details.form-group")?.setAttribute("open", "");
  input.click();
  input.focus({ preventScroll: true });
  return true;
};

const FIXED = [
  ["Enter or →", "Next item"],
  ["←", "Previous item"],
  ["Ctrl + Enter", "Next item, also from a text box"],
  ["Space", "Take a slider where it stands"],
  ["Esc", "Out of a text box"],
  ["?", "These keys"],
];

const fill = (dialog) => {
  const list = dialog.querySelector("dl");
  const labels = [...document.querySelectorAll("#annotation-forms input[data-key]")].map((input) => [
    input.dataset.key,
    `${input.closest("form").dataset.schemaName}: ${input.getAttribute("label_name") ?? input.dataset.spanLabel}`,
  ]);
  list.replaceChildren(
    ...[...labels, ...FIXED].flatMap(([key, what]) => {
      const term = document.createElement("dt");
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      term.append(kbd);
      const description = document.createElement("dd");
      description.textContent = what;
      return [term, description];
    }),
  );
};

// `step` is called with "next_instance" or "prev_instance".
export const listen = (step) => {
  const dialog = document.getElementById("keys-help");
  const help = () => {
    fill(dialog);
    dialog.showModal();
  };
  const button = document.getElementById("keys-switch");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && key === "Enter") {
      event.preventDefault();
      step("next_instance");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape" && typing(target)) target.blur();
    if (typing(target)) return;
    // A player has keys of its own, and what scrolls is scrolled by arrows.
    if (target.matches?.("video, audio")) return;
    const on_scale = target.matches?.("input[type=range], input[type=radio], [data-scrolls]");
    if (key === "?") help();
    else if (key === "ArrowRight" && !on_scale) step("next_instance");
    else if (key === "ArrowLeft" && !on_scale) step("prev_instance");
    else if (key === "Enter" && !target.closest?.("button, a, summary")) step("next_instance");
    else if (!choose(key.toLowerCase())) return;
    event.preventDefault();
  });
};
