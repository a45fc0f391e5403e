// Why a choice was made: boxes and words, which are one answer together.
const groups = (root) => [...root.querySelectorAll("[data-justification]")];
const parts = (group) => ({
  reasons: [...group.querySelectorAll("input[type=checkbox]")],
  rationale: group.querySelector("textarea"),
  input: group.querySelector("input[type=hidden]"),
});

const answer = (group) => {
  const { reasons, rationale, input } = parts(group);
  const said = { reasons: reasons.filter((box) => box.checked).map((box) => box.value), rationale: rationale.value };
  input.value = said.reasons.length > 0 || said.rationale.trim() !== "" ? JSON.stringify(said) : "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

// What the field says, for an answer that this device kept.
export const refresh = (root) => {
  for (const group of groups(root)) {
    const { reasons, rationale, input } = parts(group);
    const { reasons: given = [], rationale: words = "" } = input.value ? JSON.parse(input.value) : {};
    for (const box of reasons) box.checked = given.includes(box.value);
    rationale.value = words;
  }
};

export const attend = (root) => {
  for (const group of groups(root)) {
    group.addEventListener("input", ({ target }) => {
      if (target.type !== "hidden") answer(group);
    });
  }
};
