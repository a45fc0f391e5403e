// Runs before the page is drawn, so that a dark page is never white first.
(() => {
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem("spud:theme");
    } catch {
      return null; // Storage may be forbidden; the system's preference holds then.
    }
  };
  const theme = kept();
  if (theme) root.dataset.theme = theme;
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme-switch");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try {
        localStorage.setItem("spud:theme", root.dataset.theme);
      } catch {
        // It holds for this page then.
      }
    });
  });
})();
