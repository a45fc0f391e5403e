// Cards that are put into groups: by dragging, or by the menu of each card.
import { answer, kind, stored } from "./field.js";

class Board {
  constructor(root) {
    this.root = root;
    this.several = "several" in root.dataset;
    this.pile = root.querySelector("[data-pile]");
    this.cards = [...root.querySelectorAll(".sort-card")];
    this.place();
    root.addEventListener("change", (event) => {
      event.stopPropagation();
      if (event.target.matches(".card-group, .card-groups input")) this.sorted(event.target);
    });
    root.addEventListener("input", (event) => event.stopPropagation());
    root.querySelector("[data-new-group]")?.addEventListener("click", () => this.add_group());
    root.querySelector(".new-group input")?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.add_group();
    });
    if (!this.several) this.drag();
  }

  groups() {
    return [...this.root.querySelectorAll("[data-group]")].map(({ dataset }) => dataset.group);
  }

  groups_of(card) {
    const menu = card.querySelector(".card-group");
    if (menu) return menu.value === "" ? [] : [menu.value];
    return [...card.querySelectorAll(".card-groups input:checked")].map(({ value }) => value);
  }

  section(group) {
    return [...this.root.querySelectorAll("[data-group]")].find(({ dataset }) => dataset.group === group);
  }

  // Each card lies in its group; a card of several stays in the pile and is named in its groups.
  place() {
    for (const section of this.root.querySelectorAll("[data-group] .named-card")) section.remove();
    for (const card of this.cards) {
      const groups = this.groups_of(card);
      if (this.several) {
        for (const group of groups) {
          const name = document.createElement("li");
          name.className = "named-card";
          name.textContent = card.dataset.card;
          this.section(group)?.querySelector(".cards").append(name);
        }
      } else {
        const home = (groups.length > 0 && this.section(groups[0])) || this.pile;
        if (card.closest("section") !== home) home.querySelector(".cards").append(card);
      }
    }
    for (const section of this.root.querySelectorAll("section")) {
      section.querySelector(".pile-count").textContent = section.querySelector(".cards").children.length || "";
    }
  }

  sorted(focused) {
    this.place();
    focused?.focus();
    const sorted = Object.fromEntries(this.groups().map((group) => [group, []]));
    for (const card of this.cards) for (const group of this.groups_of(card)) sorted[group]?.push(card.dataset.card);
    answer(this.root, JSON.stringify(sorted));
  }

  add_group(name) {
    const input = this.root.querySelector(".new-group input");
    const group = (name ?? input.value).trim();
    if (group === "" || this.groups().includes(group)) return;
    const section = this.pile.cloneNode(true);
    delete section.dataset.pile;
    section.dataset.group = group;
    const count = section.querySelector(".pile-count");
    section.querySelector("h3").replaceChildren(`${group} `, count);
    section.querySelector(".cards").replaceChildren();
    this.root.querySelector(".card-groups-board").append(section);
    for (const card of this.cards) {
      const menu = card.querySelector(".card-group");
      if (menu) menu.append(new Option(group, group));
      else {
        const chip = document.createElement("label");
        const box = document.createElement("input");
        chip.className = "chip";
        box.type = "checkbox";
        box.value = group;
        chip.append(box, group);
        card.querySelector(".card-groups").append(chip);
      }
    }
    if (name === undefined) input.value = "";
    this.place();
  }

  drag() {
    let dragged = null;
    for (const card of this.cards) card.draggable = true;
    this.root.addEventListener("dragstart", ({ target }) => { dragged = target.closest?.(".sort-card"); });
    this.root.addEventListener("dragend", () => { dragged = null; });
    this.root.addEventListener("dragover", (event) => {
      if (dragged && event.target.closest("section")) event.preventDefault();
    });
    this.root.addEventListener("drop", (event) => {
      const section = event.target.closest("section");
      if (!dragged || !section) return;
      event.preventDefault();
      dragged.querySelector(".card-group").value = section.dataset.group ?? "";
      this.sorted();
    });
  }

  show() {
    const sorted = stored(this.root) ?? {};
    for (const group of Object.keys(sorted)) this.add_group(group);
    for (const card of this.cards) {
      const groups = Object.keys(sorted).filter((group) => sorted[group].includes(card.dataset.card));
      const menu = card.querySelector(".card-group");
      if (menu) menu.value = groups[0] ?? "";
      for (const box of card.querySelectorAll(".card-groups input")) box.checked = groups.includes(box.value);
    }
    this.place();
  }
}

export const { attend, refresh } = kind("[data-cards]", Board);
