// What the forms of several schemes have in common.
import assert from "node:assert/strict";

export const inputs = (form, more = "") => form.$$(`.annotation-input${more}`);
export const attribute = (element, name) => element.evaluate((element, name) => element.getAttribute(name), name);
export const value = (element) => element.evaluate((element) => element.value);

// The `turn`th time another option is taken.
export const pick = (list, turn) => {
  assert.ok(list.length > 0, "there is something to choose");
  return (turn + 1) % list.length;
};

// Labels of what is checked, each with its value.
export const checked = (form) => form.$$eval(".annotation-input:checked", (inputs) =>
  Object.fromEntries(inputs.map((input) => [input.getAttribute("label_name"), input.value])));

// Labels of what has been moved or written.
export const filled = (form) => form.$$eval(".annotation-input", (inputs) => {
  const given = inputs.filter((input) => (input.type === "range" ? input.dataset.serverSet === "true" : input.value !== ""));
  return Object.fromEntries(given.map((input) => [input.getAttribute("label_name"), input.value]));
});

// One slider: where it stands now is the answer; its number, if it is shown, says the same.
export const slide = async (form, hand, range, part) => {
  await hand.slide(range, part);
  const stands = await value(range);
  const [shown, unset] = await range.evaluate((range) => {
    const output = range.parentElement.querySelector("output");
    return [output && !output.hidden ? output.value : null, output?.classList.contains("unset")];
  });
  if (shown !== null) assert.equal(shown, stands, "the number beside a slider is its place");
  assert.notEqual(unset, true, "a slider that was moved looks like it");
  return stands;
};

// A free response beside choices.
export const respond = async (form, hand, labels, words) => {
  const field = await form.$("[label_name=free_response]");
  if (!field) return labels;
  await hand.type(field, words);
  return { ...labels, free_response: words };
};

export const with_response = async (form, labels) => {
  const words = await form.$$eval("[label_name=free_response]", ([field]) => field?.value);
  return words ? { ...labels, free_response: words } : labels;
};
