// The annotation page: what is answered is kept here first, then sent, then acknowledged.
import * as answers from "./answers.js";
import * as conditions from "./conditions.js";
import * as fields from "./fields.js";
import * as keys from "./keys.js";
import * as media from "./media.js";
import { go, settle_requirement } from "./navigate.js";
import { Queue } from "./queue.js";
import { Chains } from "./spans/chains.js";
import { Events } from "./spans/events.js";
import { Links } from "./spans/links.js";
import { Marks } from "./spans/marks.js";
import * as status from "./status.js";
import * as widgets from "./widgets/index.js";

// A pause in typing that is worth a save.
const PAUSE = 600;

const layout = document.getElementById("task_layout");
const item = document.getElementById("instance_id").value;
const badge = document.getElementById("annotation-status");
let version = layout.dataset.version;
let marks = null;
let relations = [];

// Other items' answers; this one's is counted as it comes and goes. Pages of a phase are not counted.
const counts = !document.body.classList.contains("phase");
const counter = document.getElementById("progress-counter");
const [counted, expected] = counter.textContent.split("/").map(Number);
const others = counted - (layout.hasAttribute("data-answered") ? 1 : 0);

const show_badge = () => {
  if (!counts) return;
  const answered = answers.anyAnswered() || marks?.any();
  const done = others + (answered ? 1 : 0);
  counter.textContent = `${done}/${expected}`;
  document.querySelector(".progress progress").value = expected > 0 ? (100 * done) / expected : 0;
  if (!badge) return;
  badge.className = `status-badge ${answered ? "labeled" : "unlabeled"}`;
  badge.textContent = answered ? "answered" : "open";
};

const hear = (news) => {
  status.show(news);
  if (news.item !== item) return;
  if (news.version && news.state === "acknowledged") version = news.version;
  if (news.state === "refused") status.say(`This answer was not taken: ${news.message}`);
  if (news.state === "conflict") {
    status.say("This item was answered in another window meanwhile. Which answer holds?", [
      ["Keep mine", () => {
        queue.keep(item, { ...queue.get(item), version: news.version, key: `${Date.now()}-mine` });
        queue.send();
      }],
      ["Take the other", () => {
        queue.drop(item);
        location.reload();
      }],
    ]);
  }
};

const queue = new Queue(layout.dataset.user, hear);

const root = document.getElementById("annotation-forms");
let pause = null;

// Arrows choose each option that they come by: that is looking around, and no decision to go on.
let by_arrow = false;
addEventListener("keydown", ({ key }) => { by_arrow = key.startsWith("Arrow"); }, true);
addEventListener("pointerdown", () => { by_arrow = false; }, true);

// A changed field is in the queue at once, before anything can go wrong; only the sending waits for a pause.
const changed = (event) => {
  const scheme = answers.schemeOf(event.target);
  if (!scheme) return;
  settle_requirement(answers.formOf(scheme));
  queue.put(item, scheme, answers.read(scheme), version);
  conditions.refresh();
  show_badge();
  clearTimeout(pause);
  const typed = event.type === "input" && event.target.matches("textarea, [type=text], [type=number], [type=range], [type=hidden]");
  pause = setTimeout(() => queue.send(), typed ? PAUSE : 0);
  if (event.type === "change" && !by_arrow && event.target.closest("[data-advances]")) step("next_instance");
};

media.attend(document.getElementById("main-content"));
fields.attend(root);
widgets.attend(root);
root.addEventListener("input", changed);
root.addEventListener("change", changed);
root.addEventListener("submit", (event) => event.preventDefault());

// A span is in the queue as soon as it is made.
const span_data = document.getElementById("span-data");
const marked = [...document.querySelectorAll("[data-mark]")];
if (span_data && marked.length > 0) {
  const kept_as = (kind) => (id, now, before) => {
    const form = answers.formOf((now ?? before).schema);
    if (form) settle_requirement(form);
    queue.put_mark(kind, item, id, now, before, version);
    show_badge();
    queue.send();
  };
  const { spans, links, events } = span_data.dataset;
  marks = new Marks(marked, JSON.parse(spans), kept_as("spans"));
  relations = [
    ["links", new Links(marks, JSON.parse(links), kept_as("links"))],
    ["links", new Chains(marks, JSON.parse(links), kept_as("links"))],
    ["events", new Events(marks, JSON.parse(events), kept_as("events"))],
  ];
}

// What this device kept is newer than what the server has drawn.
const kept = queue.get(item);
if (kept) {
  for (const [scheme, labels] of Object.entries(kept.schemes)) answers.write(scheme, labels);
  const alive = (entries) => Object.fromEntries(
    Object.entries(entries ?? {}).map(([id, entry]) => [id, entry.value === null ? null : entry]));
  marks?.restore(alive(kept.spans));
  for (const [kind, relation] of relations) relation.restore(alive(kept[kind]));
  widgets.refresh(root);
  fields.refresh();
  conditions.refresh();
}
if (queue.outdates(item, version)) location.reload();
if (queue.waiting() > 0) queue.send();
else if (answers.anyAnswered() || marks?.any()) status.quiet("Saved");
show_badge();

const step = (action, more = {}) => {
  clearTimeout(pause);
  if (action === "prev_instance" && !document.getElementById("prev-btn")) return;
  // On a page of the training the answer is graded once for each turn.
  const { turn } = layout.dataset;
  go(queue, { action, instance_id: item, ...(turn && { turn }), ...more });
};

const jump = () => {
  const field = document.getElementById("go_to");
  const number = Number.parseInt(field.value, 10);
  if (Number.isInteger(number)) step("go_to", { go_to: number - 1 });
  else status.say(`'${field.value}' is not the number of an item.`);
};

document.getElementById("navigation").addEventListener("submit", (event) => {
  event.preventDefault();
  // Enter in the field of numbers submits by the first button; it means the jump.
  if (document.activeElement?.id === "go_to") jump();
  else step(event.submitter?.value ?? "next_instance");
});
document.getElementById("go-to-btn")?.addEventListener("click", jump);
keys.listen(step);
