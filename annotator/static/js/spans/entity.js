// Which entry of a knowledge base a span is about. It is looked up in another tab, and its id put in here.

const field = (name, value, words) => {
  const input = document.createElement("input");
  input.type = "text";
  input.name = name;
  input.value = value ?? "";
  input.placeholder = words;
  input.setAttribute("aria-label", words);
  input.autocomplete = "off";
  return input;
};

// What stands under a span in the list; `put` hears of the span with its entry.
export const entity = (span, words, bases, put) => {
  const box = document.createElement("details");
  box.className = "span-entity";
  const head = document.createElement("summary");
  head.textContent = span.kb_id ? `${span.kb_source}: ${span.kb_label || span.kb_id}` : "Not linked";
  const menu = document.createElement("select");
  menu.setAttribute("aria-label", "Knowledge base");
  menu.append(...bases.map(({ name }) => new Option(name, name, false, name === span.kb_source)));
  const id = field("kb_id", span.kb_id, "Id of the entry");
  const label = field("kb_label", span.kb_label, "Name of the entry");
  const search = document.createElement("a");
  search.target = "_blank";
  search.rel = "noopener noreferrer";
  const look_up = () => {
    const base = bases.find(({ name }) => name === menu.value);
    search.hidden = !base?.search;
    if (base?.search) search.href = base.search + encodeURIComponent(words);
    search.textContent = `Look up “${words}” in ${menu.value}`;
  };
  look_up();
  const linked = () => {
    const { kb_id, kb_source, kb_label, ...rest } = span;
    const entry = id.value.trim() === "" ? {} : { kb_id: id.value.trim(), kb_source: menu.value };
    if (entry.kb_id && label.value.trim()) entry.kb_label = label.value.trim();
    put({ ...rest, ...entry });
  };
  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  };
  const heard = (event) => {
    event.stopPropagation();
    if (event.type === "change" && event.target === menu) look_up();
    if (event.type === "keydown" && event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      linked();
    }
  };
  for (const type of ["input", "change", "keydown"]) box.addEventListener(type, heard);
  const take_out = () => {
    id.value = "";
    linked();
  };
  box.append(head, search, menu, id, label, button("Link it", linked), ...(span.kb_id ? [button("Unlink", take_out)] : []));
  return box;
};
