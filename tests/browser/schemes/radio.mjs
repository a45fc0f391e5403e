import { attribute, checked, pick, respond, with_response } from "./common.mjs";

export const answer = async (page, form, hand, turn) => {
  const radios = await form.$$("input[type=radio].annotation-input");
  const radio = radios[pick(radios, turn)];
  const label = await attribute(radio, "label_name");
  await hand.choose(radio);
  return { labels: await respond(form, hand, { [label]: label }, "both, in a way") };
};

export const seen = async (page, form) => ({ labels: await with_response(form, await checked(form)) });
