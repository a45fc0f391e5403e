import { attribute, checked, respond, with_response } from "./common.mjs";

// The first and the third, then one taken back.
export const answer = async (page, form, hand, turn) => {
  const boxes = await form.$$("input[type=checkbox].annotation-input");
  const wanted = boxes.filter((_, n) => n % 2 === turn % 2).slice(0, 2);
  const labels = {};
  for (const box of wanted) {
    await hand.choose(box);
    const label = await attribute(box, "label_name");
    labels[label] = label;
  }
  if (wanted.length > 1) {
    await hand.choose(wanted[0]);
    delete labels[await attribute(wanted[0], "label_name")];
  }
  return { labels: await respond(form, hand, labels, "and the weather") };
};

export const seen = async (page, form) => ({ labels: await with_response(form, await checked(form)) });
