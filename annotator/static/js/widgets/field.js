// The one hidden field in which a widget keeps its answer.
export const field_of = (element) => element.closest("fieldset").querySelector("input.annotation-input[type=hidden]");

export const answer = (element, value) => {
  const field = field_of(element);
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

// The object that the field holds as JSON text; null if it is empty or damaged.
export const stored = (element) => {
  try {
    return JSON.parse(field_of(element).value);
  } catch {
    return null;
  }
};

// A kind of widget: `Kind` is made for each element, and its `show` called when the field was changed from outside.
export const kind = (selector, Kind) => {
  const made = [];
  return {
    attend: (root) => made.push(...[...root.querySelectorAll(selector)].map((element) => new Kind(element))),
    refresh: () => made.forEach((one) => one.show()),
  };
};
