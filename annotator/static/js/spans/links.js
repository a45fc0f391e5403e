// Links between spans: a kind is chosen, then one span, then the other.

export class Links {
  // `marks` has the spans; `links` is id → link; `changed(id, link, before)` hears of each change, a link of null was taken out.
  constructor(marks, links, changed) {
    this.marks = marks;
    this.links = new Map(Object.entries(links));
    this.changed = changed;
    this.types = [...document.querySelectorAll("#annotation-forms .link-type")];
    this.first = null;
    for (const type of this.types) {
      type.addEventListener("change", (event) => {
        event.stopPropagation();
        for (const other of this.types) if (other !== type) other.checked = false;
        this.begin(null);
      });
    }
    marks.on_choice.push((id) => this.take(id));
    marks.on_show.push(() => this.show());
    this.show();
  }

  any() {
    return this.shown().length > 0;
  }

  restore(kept) {
    for (const [id, link] of Object.entries(kept)) {
      if (link) this.links.set(id, link);
      else this.links.delete(id);
    }
    this.show();
  }

  type() {
    return this.types.find((type) => type.checked);
  }

  // Those whose spans are all there.
  shown() {
    return [...this.links.values()].filter((link) => link.span_ids.every((id) => this.marks.spans.has(id)));
  }

  // A span was chosen; the second one ends the link.
  take(id) {
    const type = this.type();
    if (!type) return;
    const scheme = type.closest("form").querySelector("[data-span-schema]").dataset.spanSchema;
    if (this.marks.spans.get(id)?.schema !== scheme) return;
    if (this.first === null || this.first === id) this.begin(id);
    else this.join(type, this.first, id);
  }

  begin(id) {
    this.first = id;
    const type = this.type();
    for (const line of document.querySelectorAll(".link-begun")) {
      line.hidden = id === null || line.closest("form") !== type?.closest("form");
      if (!line.hidden) line.textContent = `${type.dataset.linkType}: from “${this.words(id)}” to … choose the other span.`;
    }
  }

  join(type, from, to) {
    const { linkSchema: schema, linkType: link_type, linkDirection: direction } = type.dataset;
    const [sources, targets] = [type.dataset.linkSources, type.dataset.linkTargets].map((text) => JSON.parse(text));
    const label = (id) => this.marks.spans.get(id).name;
    const fits = (allowed, id) => allowed.length === 0 || allowed.includes(label(id));
    const straight = fits(sources, from) && fits(targets, to);
    const reverse = direction === "undirected" && fits(sources, to) && fits(targets, from);
    this.begin(null);
    if (!straight && !reverse) {
      const line = type.closest("form").querySelector(".link-begun");
      line.hidden = false;
      line.textContent = `${link_type} does not go from ${label(from)} to ${label(to)}.`;
      return;
    }
    const id = `${schema}_${link_type}_${from}_${to}`;
    if (this.links.has(id)) return;
    const link = { id, schema, link_type, span_ids: [from, to], direction, properties: {} };
    this.links.set(id, link);
    this.changed(id, link);
    this.show();
  }

  remove(id) {
    const link = this.links.get(id);
    this.links.delete(id);
    this.changed(id, null, link);
    this.show();
  }

  words(id) {
    return this.marks.words(this.marks.spans.get(id));
  }

  show() {
    for (const list of document.querySelectorAll("[data-link-list]")) {
      const own = this.shown().filter((link) => link.schema === list.dataset.linkList);
      list.replaceChildren(...own.map((link) => this.row(link)));
    }
  }

  row(link) {
    const row = document.createElement("li");
    const type = this.types.find(({ dataset }) => dataset.linkType === link.link_type && dataset.linkSchema === link.schema);
    row.style.setProperty("--label-color", type?.dataset.linkColor ?? "128 128 128");
    const arrow = link.direction === "directed" ? "→" : "↔";
    const words = document.createElement("span");
    words.className = "span-name";
    words.textContent = `${link.link_type}: ${link.span_ids.map((id) => `“${this.words(id)}”`).join(` ${arrow} `)}`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `Take the link ${words.textContent} out`);
    remove.addEventListener("click", () => this.remove(link.id));
    row.append(words, remove);
    return row;
  }
}
