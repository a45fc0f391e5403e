import { rate } from "./rows.mjs";

// A point is stored by its number, from 1.
export const answer = (page, form, hand, turn) => rate(form, hand, turn, (_, place) => `${place + 1}`);

export { seen } from "./rows.mjs";
