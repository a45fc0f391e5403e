// The forms of a page, each worked by the module of its type.
const module_of = async (form) => import(`./schemes/${await form.evaluate((form) => form.dataset.annotationType)}.mjs`);
const name_of = (form) => form.evaluate((form) => form.dataset.schemaName);
const forms = async (page) => {
  const shown = [];
  for (const form of await page.$$("#annotation-forms form.annotation-form")) if (await form.isVisible()) shown.push(form);
  return shown;
};

// Scheme → what was chosen; another `turn`, another choice.
export const answer_all = async (page, hand, turn) => {
  const given = {};
  for (const form of await forms(page)) {
    const scheme = await module_of(form);
    given[await name_of(form)] = await scheme.answer(page, form, hand, turn);
  }
  return given;
};

// Scheme → what the page shows.
export const seen_all = async (page) => {
  const found = {};
  for (const form of await forms(page)) found[await name_of(form)] = await (await module_of(form)).seen(page, form);
  return found;
};
