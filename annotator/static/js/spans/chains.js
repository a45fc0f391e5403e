// Mentions of one thing, joined into chains: one is begun or chosen, then spans go in and out of it as they are chosen.

export class Chains {
  // `links` is id → link, those of other schemes among them; `changed(id, chain, before)` hears of each change.
  constructor(marks, links, changed) {
    this.marks = marks;
    this.changed = changed;
    this.root = document.querySelector("#annotation-forms [data-chains]");
    if (!this.root) return;
    const { chains: scheme, spanSchema, least, colors, types } = this.root.dataset;
    Object.assign(this, { scheme, spanSchema, least: Number(least), colors: JSON.parse(colors), types: JSON.parse(types) });
    this.chains = new Map(Object.entries(links).filter(([, link]) => link.schema === scheme));
    this.open = null; // The id of the chain that mentions go into; "" is one that is not begun yet.
    this.begun = this.root.querySelector("[data-new-chain]");
    this.begun.addEventListener("click", () => this.turn_to(this.open === "" ? null : ""));
    for (const type of ["input", "change"]) this.root.addEventListener(type, (event) => event.stopPropagation());
    marks.on_choice.push((id) => this.take(id));
    marks.on_show.push(() => this.show());
    marks.more.push((id) => this.number_of(id));
    this.marks.show();
  }

  restore(kept) {
    if (!this.root) return;
    for (const [id, chain] of Object.entries(kept)) {
      if (chain === null) this.chains.delete(id);
      else if (chain.schema === this.scheme) this.chains.set(id, chain);
    }
    this.marks.show();
  }

  // Mentions whose spans are there.
  mentions({ span_ids }) {
    return span_ids.filter((id) => this.marks.spans.has(id));
  }

  number_of(id) {
    const at = [...this.chains.values()].findIndex((chain) => chain.span_ids.includes(id));
    return at < 0 ? "" : String(at + 1);
  }

  turn_to(id) {
    this.open = id;
    const line = this.root.querySelector(".link-begun");
    line.hidden = id === null;
    line.textContent = id === "" ? "Choose the first mention of the new chain." : "Choose mentions to put in, or to take out.";
    this.show();
  }

  take(id) {
    if (this.open === null || this.marks.spans.get(id)?.schema !== this.spanSchema) return;
    const chain = this.chains.get(this.open);
    const others = [...this.chains.values()].find((other) => other !== chain && other.span_ids.includes(id));
    if (others) this.put({ ...others, span_ids: others.span_ids.filter((mention) => mention !== id) });
    if (!chain) this.begin(id);
    else {
      const inside = chain.span_ids.includes(id);
      const span_ids = inside ? chain.span_ids.filter((mention) => mention !== id) : [...chain.span_ids, id];
      this.put({ ...chain, span_ids });
    }
    this.marks.show();
  }

  begin(id) {
    const label = this.marks.spans.get(id).name;
    const chain = {
      id: `${this.scheme}_${id}_${Date.now().toString(36)}`, schema: this.scheme, link_type: "coreference", span_ids: [id],
      direction: "undirected", properties: this.types.includes(label) ? { entity_type: label } : {},
    };
    this.chains.set(chain.id, chain);
    this.turn_to(chain.id);
    if (this.least <= 1) this.changed(chain.id, chain);
  }

  // A chain is with the server as soon as it has as many mentions as it needs, and goes with the last.
  put(chain) {
    const before = this.chains.get(chain.id);
    const was_kept = before.span_ids.length >= this.least;
    if (chain.span_ids.length >= this.least) {
      this.chains.set(chain.id, chain);
      this.changed(chain.id, chain, before);
    } else {
      if (chain.span_ids.length === 0) this.chains.delete(chain.id);
      else this.chains.set(chain.id, chain);
      if (was_kept) this.changed(chain.id, null, before);
      if (chain.span_ids.length === 0 && this.open === chain.id) this.turn_to(null);
    }
  }

  show() {
    this.begun.setAttribute("aria-pressed", String(this.open === ""));
    const list = this.root.querySelector(".chain-list");
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const rows = [...this.chains.values()].map((chain, at) => this.row(chain, at));
    list.replaceChildren(...rows);
    if (focused) list.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  row(chain, at) {
    const row = document.createElement("li");
    row.className = chain.id === this.open ? "chain chosen" : "chain";
    row.style.setProperty("--label-color", this.colors[at % this.colors.length]);
    const words = this.mentions(chain).map((id) => `“${this.marks.words(this.marks.spans.get(id))}”`).join(", ");
    const button = (act, text, name, does) => {
      const made = document.createElement("button");
      made.type = "button";
      made.dataset.act = `${act} ${chain.id}`;
      made.className = act === "open" ? "span-name" : "quiet";
      made.textContent = text;
      made.setAttribute("aria-label", name);
      made.addEventListener("click", does);
      return made;
    };
    const open = button("open", words || "…", `Chain ${at + 1}: ${words}`, () => this.turn_to(chain.id === this.open ? null : chain.id));
    open.setAttribute("aria-pressed", String(chain.id === this.open));
    row.append(open);
    if (this.types.length > 0) row.append(this.menu(chain, at));
    const take_out = () => {
      this.put({ ...chain, span_ids: [] });
      this.marks.show();
      this.begun.focus();
    };
    row.append(button("remove", "✕", `Take chain ${at + 1} apart`, take_out));
    return row;
  }

  menu(chain, at) {
    const menu = document.createElement("select");
    menu.dataset.act = `type ${chain.id}`;
    menu.setAttribute("aria-label", `What chain ${at + 1} is`);
    menu.append(new Option("–", ""), ...this.types.map((type) => new Option(type, type)));
    menu.value = chain.properties?.entity_type ?? "";
    menu.addEventListener("change", () => {
      this.put({ ...chain, properties: menu.value ? { entity_type: menu.value } : {} });
      this.show();
    });
    return menu;
  }
}
