// Moving between items: first the answers, then the step.
import { formOf } from "./answers.js";
import { say } from "./status.js";

const requirement = (form) => form.querySelector(".requirement");

// Says next to each scheme what is missing, and goes to the first.
const point_out = (schemes) => {
  const missing = schemes.map(formOf).filter(Boolean);
  for (const form of missing) {
    requirement(form).textContent = "This needs an answer before you go on.";
    requirement(form).hidden = false;
    form.classList.add("unmet");
    form.closest("details")?.setAttribute("open", "");
  }
  const first = missing[0]?.querySelector(".annotation-input");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
};

export const settle_requirement = (form) => {
  form.classList.remove("unmet");
  requirement(form).hidden = true;
};

const ask = async (step) => {
  const response = await fetch("/annotate", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Potato-Navigation": "1" },
    body: JSON.stringify(step),
  });
  const is_json = response.headers.get("Content-Type")?.startsWith("application/json");
  return { response, body: is_json ? await response.json() : {} };
};

let moving = false;

// `queue` is sent first; a step away from an answer that has not arrived is not taken.
export const go = async (queue, step) => {
  if (moving) return;
  moving = true;
  document.body.classList.add("moving");
  try {
    if (!(await queue.send())) {
      if (queue.refused.size === 0) {
        say("Your answer is kept on this device and has not reached the server. You can go on when it has.", [
          ["Try again", () => go(queue, step)],
        ]);
      }
      return;
    }
    const { response, body } = await ask(step);
    if (body.status === "validation_error") point_out(body.unsatisfied_schemas);
    else if (body.status === "no_unannotated") say("Every item of yours has an answer.");
    else if (response.ok) location.assign("/annotate");
    else say(body.message ?? `The server answered with error ${response.status}. Try again in a moment.`);
  } catch {
    say("The server cannot be reached. Your answers are safe; try again when you are online.", [
      ["Try again", () => go(queue, step)],
    ]);
  } finally {
    moving = false;
    document.body.classList.remove("moving");
  }
};
