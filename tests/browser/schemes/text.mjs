import { attribute, filled, inputs } from "./common.mjs";

// What tends to get lost on the way: quotes, signs of HTML, what is not ASCII.
const WORDS = ["Tea & “rain” <b>at sea</b> 😀", "Naïve: 2 > 1? Yes"];

export const answer = async (page, form, hand, turn) => {
  const boxes = await inputs(form);
  const labels = {};
  for (const [n, box] of boxes.entries()) {
    const label = boxes.length === 1 && !(await form.$("label.field-label")) ? "text_box" : await attribute(box, "label_name");
    labels[label] = WORDS[(n + turn) % WORDS.length];
    await hand.type(box, labels[label]);
  }
  return { labels };
};

export const seen = async (page, form) => ({ labels: await filled(form) });
