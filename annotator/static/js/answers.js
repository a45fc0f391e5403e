// What the forms hold, and putting answers into them.
//
// An answer is an object, scheme → label → value, as the server takes it under "scheme:::label".

const forms = () => [...document.querySelectorAll("#annotation-forms form.annotation-form")];
const inputs = (form) => [...form.querySelectorAll(".annotation-input")];
const isChoice = (input) => input.type === "radio" || input.type === "checkbox";

export const schemeOf = (input) => input.getAttribute("schema");
const labelOf = (input) => input.getAttribute("label_name");

export const formOf = (scheme) => forms().find((form) => form.dataset.schemaName === scheme);

// A slider that nobody moved says nothing, although it stands somewhere.
const isGiven = (input) => {
  if (isChoice(input)) return input.checked;
  if (input.type === "range") return input.dataset.serverSet === "true";
  return input.value.trim() !== "";
};

// All labels of a scheme; an emptied box is there with "", so that the server takes it out.
export const read = (scheme) => {
  const labels = {};
  for (const input of inputs(formOf(scheme))) {
    if (isGiven(input)) labels[labelOf(input)] = input.value;
    else if (!isChoice(input) && input.type !== "range" && input.tagName !== "SELECT") labels[labelOf(input)] = "";
  }
  return labels;
};

export const isAnswered = (scheme) => inputs(formOf(scheme)).some(isGiven);
export const anyAnswered = () => forms().some((form) => inputs(form).some(isGiven));

// Shows labels that were kept on this device and are newer than the page.
export const write = (scheme, labels) => {
  const form = formOf(scheme);
  if (!form) return;
  for (const input of inputs(form)) {
    const value = labels[labelOf(input)];
    if (isChoice(input)) input.checked = value === input.value;
    else if (value !== undefined) {
      input.value = value;
      if (input.type === "range") touched(input);
    }
  }
};

// From now on a slider's place is an answer.
export const touched = (input) => {
  input.dataset.serverSet = "true";
  const output = input.parentElement.querySelector("output");
  if (output && input.type === "range") {
    output.value = input.value;
    output.classList.remove("unset");
  }
};
