import { filled, slide } from "./common.mjs";

export const answer = async (page, form, hand, turn) => ({
  labels: { slider: await slide(form, hand, await form.$("input[type=range]"), turn ? 0.2 : 0.9) },
});

export const seen = async (page, form) => ({ labels: await filled(form) });
