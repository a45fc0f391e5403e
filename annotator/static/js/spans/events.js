// Events: a kind is chosen, then the span that triggers it; who plays which part is chosen from menus.

export class Events {
  // `events` is id → event; `changed(id, event, before)` hears of each change, an event of null was taken out.
  constructor(marks, events, changed) {
    this.marks = marks;
    this.changed = changed;
    this.root = document.querySelector("#annotation-forms [data-events]");
    if (!this.root) return;
    this.scheme = this.root.dataset.events;
    this.spanSchema = this.root.dataset.spanSchema;
    this.events = new Map(Object.entries(events).filter(([, event]) => event.schema === this.scheme));
    this.types = [...this.root.querySelectorAll(".event-type")];
    for (const type of ["input", "change"]) {
      this.root.addEventListener(type, (event) => {
        event.stopPropagation();
        if (type === "change" && event.target.matches(".event-type")) this.begin(event.target);
      });
    }
    marks.on_choice.push((id) => this.take(id));
    marks.on_show.push(() => this.show());
    this.show();
  }

  restore(kept) {
    if (!this.root) return;
    for (const [id, event] of Object.entries(kept)) {
      if (event === null) this.events.delete(id);
      else if (event.schema === this.scheme) this.events.set(id, event);
    }
    this.show();
  }

  say(words) {
    const line = this.root.querySelector(".link-begun");
    line.textContent = words;
    line.hidden = words === "";
  }

  begin(type) {
    for (const other of this.types) if (other !== type) other.checked = false;
    const triggers = JSON.parse(type.dataset.triggers);
    const which = triggers.length > 0 ? ` (${triggers.join(" or ")})` : "";
    this.say(type.checked ? `${type.dataset.eventType}: choose the span that triggers it${which}.` : "");
  }

  take(id) {
    const type = this.types.find(({ checked }) => checked);
    const span = this.marks.spans.get(id);
    if (!type || span?.schema !== this.spanSchema) return;
    const triggers = JSON.parse(type.dataset.triggers);
    if (triggers.length > 0 && !triggers.includes(span.name)) {
      this.say(`${type.dataset.eventType} is triggered by a ${triggers.join(" or ")}, not by a ${span.name}.`);
      return;
    }
    type.checked = false;
    this.say("");
    const { eventType: event_type } = type.dataset;
    const event = {
      id: `${this.scheme}_${event_type}_${id}`, schema: this.scheme, event_type, trigger_span_id: id, arguments: [], properties: {},
    };
    if (this.events.has(event.id)) return;
    this.put(event);
    this.root.querySelector(`[data-event-id="${CSS.escape(event.id)}"] select`)?.focus();
  }

  put(event) {
    const before = this.events.get(event.id);
    this.events.set(event.id, event);
    this.changed(event.id, event, before);
    this.show();
  }

  remove(id) {
    const event = this.events.get(id);
    this.events.delete(id);
    this.changed(id, null, event);
    this.show();
  }

  show() {
    const list = this.root.querySelector(".event-list");
    const focused = list.contains(document.activeElement) ? document.activeElement.id : null;
    const shown = [...this.events.values()].filter((event) => this.marks.spans.has(event.trigger_span_id));
    list.replaceChildren(...shown.map((event) => this.row(event)));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  words(id) {
    return this.marks.words(this.marks.spans.get(id));
  }

  row(event) {
    const type = this.types.find(({ dataset }) => dataset.eventType === event.event_type);
    const row = document.createElement("li");
    row.dataset.eventId = event.id;
    row.className = "event";
    row.style.setProperty("--label-color", type?.dataset.color ?? "128 128 128");
    const head = document.createElement("p");
    head.className = "event-head";
    head.textContent = `${event.event_type} “${this.words(event.trigger_span_id)}”`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `Take ${head.textContent} out`);
    remove.addEventListener("click", () => {
      this.remove(event.id);
      this.types[0]?.focus();
    });
    head.append(remove);
    row.append(head, ...JSON.parse(type?.dataset.roles ?? "[]").map((role) => this.part(event, role)));
    return row;
  }

  // The menu of who plays a part.
  part(event, { role, labels, required }) {
    const line = document.createElement("label");
    line.className = "event-part";
    const name = document.createElement("span");
    name.textContent = required ? `${role} *` : role;
    if (required) name.title = "Required";
    const menu = document.createElement("select");
    menu.id = `${event.id} ${role}`;
    const spans = [...this.marks.spans.values()].filter(
      (span) => span.schema === this.spanSchema && (labels.length === 0 || labels.includes(span.name)));
    menu.append(new Option(spans.length > 0 ? "–" : `– mark a ${labels.join(" or ") || "span"} first –`, ""));
    menu.append(...spans.map((span) => new Option(`${span.name} “${this.words(span.id)}”`, span.id)));
    menu.value = event.arguments.find((argument) => argument.role === role)?.span_id ?? "";
    menu.addEventListener("change", () => {
      const others = event.arguments.filter((argument) => argument.role !== role);
      this.put({ ...event, arguments: menu.value ? [...others, { role, span_id: menu.value }] : others });
    });
    line.append(name, menu);
    return line;
  }
}
