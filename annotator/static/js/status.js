// The quiet line in the header, and the notice for what needs a hand.

const line = document.getElementById("save-status");
const notice = document.getElementById("error-state");
const text = document.getElementById("error-message-text");
const buttons = document.getElementById("error-buttons");

// A state that lasts less than this is not worth a flicker.
const PATIENCE = 300;
let soon = null;

const plural = (count) => (count === 1 ? "1 answer" : `${count} answers`);

export const quiet = (words, at_once = true) => {
  clearTimeout(soon);
  if (!line) return;
  if (at_once) line.textContent = words;
  else soon = setTimeout(() => { line.textContent = words; }, PATIENCE);
};

export const say = (message, choices = []) => {
  text.textContent = message;
  buttons.replaceChildren(
    ...choices.map(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = label;
      button.addEventListener("click", act);
      return button;
    }),
  );
  notice.hidden = false;
};

export const hush = () => {
  notice.hidden = true;
};

export const show = ({ state, waiting, message }) => {
  if (state === "saving") quiet("Saving …", false);
  if (state === "saved") {
    quiet("Saved");
    hush();
  }
  if (state === "offline") quiet(`Kept on this device, ${plural(waiting)}, sending when online`);
  if (state === "retrying") quiet(`Kept on this device, ${plural(waiting)}, trying again`);
  if (state === "trouble") say(message);
  if (state === "signed-out") {
    quiet(`Kept on this device, ${plural(waiting)}`);
    say("You are signed out. Sign in under the same name, and your answers are sent.", [
      ["Sign in", () => location.assign("/")],
    ]);
  }
};
