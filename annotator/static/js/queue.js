// Answers wait here until the server has said that it has them. They live in this browser's storage: a closed tab, a dead
// battery or a lost connection loses none.
//
// One entry an item: { schemes: {scheme: {label: value}}, spans, links and events: {id: it, or what was taken out}, version,
// key }. A later change of the same item joins the entry under a new key, so that an acknowledgement of the older state does not drop the newer one.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

const random = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Where storage is forbidden the queue lives as long as the page.
const memory = new Map();
const storage = (() => {
  try {
    localStorage.setItem("spud:probe", "1");
    localStorage.removeItem("spud:probe");
    return localStorage;
  } catch {
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => memory.set(key, value),
      removeItem: (key) => memory.delete(key),
      key: (n) => [...memory.keys()][n] ?? null,
      get length() {
        return memory.size;
      },
    };
  }
})();

const parsed = (key) => {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
};

export class Queue {
  // `tell` hears { state, waiting, message, item, … } whenever something changes.
  constructor(user, tell) {
    this.prefix = `spud:answer:${user}:`;
    this.last = `spud:acknowledged:${user}`;
    this.tell = tell;
    this.wait = FIRST_WAIT;
    this.timer = null;
    this.sending = null;
    this.refused = new Map(); // item → key of the entry that the server will not take as it is
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.sendLast());
  }

  items() {
    const items = [];
    for (let n = 0; n < storage.length; n += 1) {
      const key = storage.key(n);
      if (key?.startsWith(this.prefix)) items.push(key.slice(this.prefix.length));
    }
    return items;
  }

  get(item) {
    return parsed(this.prefix + item);
  }

  put(item, scheme, labels, version) {
    this.join(item, { schemes: { [scheme]: labels } }, version);
  }

  // A span, a link or an event (`kind` is "spans", "links" or "events"); of null: the one of that id, which was `before`, is
  // taken out.
  put_mark(kind, item, id, mark, before, version) {
    this.join(item, { [kind]: { [id]: mark ?? { id, schema: before.schema, value: null } } }, version);
  }

  join(item, change, version) {
    const known = this.get(item);
    const parts = ["schemes", "spans", "links", "events"].map((part) => [part, { ...known?.[part], ...change[part] }]);
    this.keep(item, { ...Object.fromEntries(parts), version: known?.version ?? version, key: random() });
    this.refused.delete(item);
  }

  keep(item, entry) {
    storage.setItem(this.prefix + item, JSON.stringify(entry));
  }

  drop(item) {
    storage.removeItem(this.prefix + item);
    this.refused.delete(item);
  }

  waiting() {
    return this.items().length;
  }

  // Whether a page of this version was drawn before the last acknowledgement for its item, as can be if both were under way at once.
  // Told once: a server that came back from an older backup is right all the same.
  outdates(item, version) {
    const last = parsed(this.last);
    storage.removeItem(this.last);
    return last?.item === item && BigInt(last.version) > BigInt(version);
  }

  // Sends what waits; true when all of it is with the server.
  async send() {
    clearTimeout(this.timer);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async sendAll() {
    for (;;) {
      const item = this.items().find((item) => this.refused.get(item) !== this.get(item)?.key);
      if (item === undefined) break;
      this.tell({ state: "saving" });
      const outcome = await this.sendOne(item, this.get(item));
      if (outcome === "later") {
        this.tell({ state: navigator.onLine ? "retrying" : "offline", waiting: this.waiting() });
        this.timer = setTimeout(() => this.send(), this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
        return false;
      }
      if (outcome === "signed-out") {
        this.tell({ state: "signed-out", waiting: this.waiting() });
        return false;
      }
    }
    if (this.waiting() > 0) return false;
    this.tell({ state: "saved" });
    return true;
  }

  async sendOne(item, entry) {
    let response;
    try {
      response = await fetch("/updateinstance", request(item, entry));
    } catch {
      return "later";
    }
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      this.wait = FIRST_WAIT;
      const now = this.get(item);
      if (now?.key === entry.key) this.drop(item);
      else if (now) this.keep(item, { ...now, version: body.version });
      storage.setItem(this.last, JSON.stringify({ item, version: body.version }));
      this.tell({ state: "acknowledged", item, version: body.version });
      return "sent";
    }
    if (response.status === 401) return "signed-out";
    if (response.status === 409) {
      this.refused.set(item, entry.key);
      this.tell({ state: "conflict", item, version: body.version, stored: body.stored });
      return "refused";
    }
    if (response.status >= 500 || response.status === 429) {
      if (body.message) this.tell({ state: "trouble", message: body.message });
      return "later";
    }
    this.refused.set(item, entry.key);
    this.tell({ state: "refused", item, message: body.message ?? `Error ${response.status}` });
    return "refused";
  }

  // The page goes; what arrives in time need not wait for the next visit. It stays in the queue until then: sent twice
  // under one key, it is stored once.
  sendLast() {
    for (const item of this.items()) {
      const entry = this.get(item);
      if (entry && this.refused.get(item) !== entry.key) {
        fetch("/updateinstance", { ...request(item, entry), keepalive: true }).catch(() => {});
      }
    }
  }
}

const request = (item, { schemes, spans, links, events, version, key }) => {
  const annotations = {};
  const cleared = [];
  for (const [scheme, labels] of Object.entries(schemes)) {
    if (Object.keys(labels).length === 0) cleared.push(scheme);
    for (const [label, value] of Object.entries(labels)) annotations[`${scheme}:::${label}`] = value;
  }
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      instance_id: item,
      annotations,
      span_annotations: Object.values(spans ?? {}),
      link_annotations: Object.values(links ?? {}),
      event_annotations: Object.values(events ?? {}),
      cleared_schemas: cleared,
      version,
      idempotency_key: key,
    }),
  };
};
