// Images in full size, and words in place of what cannot be loaded.

const WORDS = { image: "image", audio: "sound", video: "film" };

const say_missing = (element) => {
  const note = document.createElement("p");
  note.className = "media-missing";
  const name = document.createElement("code");
  name.textContent = element.currentSrc || (element.querySelector("source") ?? element).getAttribute("src");
  note.append(`This ${WORDS[element.dataset.media] ?? "file"} cannot be loaded: `, name, ". Please tell whoever runs the study.");
  (element.closest("a.zoom") ?? element).replaceWith(note);
};

const has_failed = (element) =>
  (element.tagName === "IMG" ? element.complete && element.naturalWidth === 0
    : element.error !== null || element.networkState === HTMLMediaElement.NETWORK_NO_SOURCE);

// Media of the item and of the forms; `root` holds both.
export const attend = (root) => {
  // These events do not rise; what came before this script is looked for.
  root.addEventListener("error", ({ target }) => {
    const media = target.tagName === "SOURCE" ? target.parentElement : target;
    if (target.tagName === "SOURCE" && target.nextElementSibling?.tagName === "SOURCE") return;
    if (media.matches("img, video, audio")) say_missing(media);
  }, true);
  for (const element of root.querySelectorAll("img, video, audio")) if (has_failed(element)) say_missing(element);

  const dialog = document.getElementById("full-size");
  const full = dialog.querySelector("img");
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    full.src = link.href;
    full.alt = link.querySelector("img").alt;
    dialog.showModal();
  });
  // Whoever clicks beside the image, or on it, is done with it.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest(".full-size")) dialog.close();
  });
};
