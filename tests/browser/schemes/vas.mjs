import { attribute, filled, slide } from "./common.mjs";

// The label is the name of the scheme.
export const answer = async (page, form, hand, turn) => ({
  labels: { [await attribute(form, "data-schema-name")]: await slide(form, hand, await form.$("input[type=range]"), turn ? 0.3 : 1) },
});

export const seen = async (page, form) => ({ labels: await filled(form) });
