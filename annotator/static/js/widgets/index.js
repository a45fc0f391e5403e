// Forms that need a script to be filled in, one module each.
import * as cards from "./cards.js";
import * as errors from "./errors.js";
import * as justification from "./justification.js";
import * as passages from "./passages.js";
import * as ranking from "./ranking.js";
import * as taxonomy from "./taxonomy.js";
import * as text_edit from "./text_edit.js";
import * as tuples from "./tuples.js";

const all = [cards, errors, justification, passages, ranking, taxonomy, text_edit, tuples];

export const attend = (root) => all.forEach((widget) => widget.attend(root));
export const refresh = (root) => all.forEach((widget) => widget.refresh(root));
