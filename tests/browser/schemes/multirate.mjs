import { attribute } from "./common.mjs";
import { rate } from "./rows.mjs";

// A point is stored by its word.
export const answer = (page, form, hand, turn) => rate(form, hand, turn, (point) => attribute(point, "value"));

export { seen } from "./rows.mjs";
