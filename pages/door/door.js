// Drawn by a script run, which can do none of it itself: trades the ticket for the HttpOnly cookie, or drops the cookie;
// names the parts of the navigation; lets the app be installed; has the page look as its person chose. Streamlit's front
// end reads the look from these keys when it is loaded.
{
  const { errand, ticket, look, addresses } = document.currentScript.dataset;
  const KEPT = "fintrackLook";
  const takeLook = () => {
    // What was chosen in Streamlit's own menu stays until another look is chosen in Settings.
    if (!look || (localStorage.getItem(KEPT) ?? "system") === look) return;
    for (const address of [location.pathname, ...addresses.split(" ")]) {
      const key = `stActiveTheme-${address}-v2`;
      if (look === "system") localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(look === "dark" ? "Dark" : "Light"));
    }
    localStorage.setItem(KEPT, look);
    location.reload();
  };
  // Streamlit puts the parts of its navigation into a list as bare boxes: told apart, a reader of the screen counts them.
  const tellSections = () => {
    for (const section of document.querySelectorAll('[data-testid="stSidebarNavItems"] > div:not([role])')) {
      section.setAttribute("role", "listitem");
    }
    for (const page of document.querySelectorAll('[data-testid="stSidebarNavItems"] > div > li:not([role])')) {
      page.setAttribute("role", "none");
    }
  };
  const sidebar = document.querySelector('[data-testid="stSidebar"]');
  if (sidebar && !sidebar.dataset.told) {
    sidebar.dataset.told = "yes";
    new MutationObserver(tellSections).observe(sidebar, { childList: true, subtree: true });
  }
  tellSections();
  if (!document.head.querySelector('[rel="manifest"]')) {
    document.head.insertAdjacentHTML(
      "beforeend",
      '<link rel="manifest" href="/install/manifest.webmanifest">' +
        '<link rel="apple-touch-icon" href="/install/icon-whole-180.png">',
    );
  }
  if (errand) {
    fetch(`/session/${errand}`, { method: "POST", headers: ticket ? { "x-ticket": ticket } : {} }).then((answer) => {
      if (answer.ok) takeLook();
    });
  } else {
    takeLook();
  }
}
