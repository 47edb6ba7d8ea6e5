// Drawn by a script run, which can do none of it itself: trades the ticket for the HttpOnly cookie, or drops the cookie;
// names the parts of the navigation; takes the keyboard into what opens and back; lets the app be installed; has the page
// look as its person chose. Streamlit's front end reads the look from these keys when it is loaded.
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
  const find = (name) => document.querySelector(`[data-testid="${name}"]`);
  // What opens over the page lies outside of it, and would not know whether it is light or dark.
  const takeScheme = () => {
    document.documentElement.style.colorScheme = getComputedStyle(find("stApp")).colorScheme;
  };
  // A popover stands at the end of the page: by keyboard one is led into it, and from its ends back to its button.
  const enter = (popover, button) => {
    popover.tabIndex = -1;
    popover.focus();
    popover.addEventListener("keydown", (event) => {
      const here = document.activeElement;
      if (event.key !== "Tab" || here.matches("canvas")) return;
      const stops = [...popover.querySelectorAll("a[href], button, input, textarea, summary, [tabindex]")].filter(
        (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility(),
      );
      const ends = event.shiftKey ? [popover, stops[0]] : [stops.at(-1) ?? popover];
      if (!ends.includes(here)) return;
      event.preventDefault();
      button.focus();
      button.click();
    });
  };
  const OVERLAYS = "stFloatingOverlayPortal";
  const greet = (records) => {
    const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node instanceof Element);
    if (added.length) takeScheme();
    for (const node of added) {
      if (node.id === OVERLAYS) overlays.observe(node, { childList: true, subtree: true });
      const popover = [node, ...node.querySelectorAll("*")].find((one) => one.dataset.testid === "stPopoverBody");
      const button = document.activeElement;
      if (popover && button.matches('[data-testid="stPopoverButton"]:focus-visible')) enter(popover, button);
    }
  };
  const overlays = new MutationObserver(greet);
  // The button that opens the navigation goes when it is open, and the other way round: the focus goes to its twin.
  const TWINS = { stExpandSidebarButton: "stSidebarCollapseButton", stSidebarCollapseButton: "stExpandSidebarButton" };
  const twin = (event) => {
    const pressed = event.target.closest(Object.keys(TWINS).map((name) => `[data-testid="${name}"]`).join());
    const other = pressed && TWINS[pressed.dataset.testid];
    const there = `button[data-testid="${other}"], [data-testid="${other}"] button`;
    if (other) setTimeout(() => document.querySelector(there)?.focus());
  };
  const NARROW = 768;
  const leaveNavigation = (event) => {
    const over = innerWidth <= NARROW && !find("stPopoverBody") && find("stSidebar")?.contains(document.activeElement);
    if (event.key === "Escape" && over) find("stSidebarCollapseButton")?.querySelector("button").click();
  };
  // A button that can't be pressed while its file is made loses the focus, and no key would reach its window any more.
  const regain = (event) => {
    const dialog = document.querySelector('section[role="dialog"]');
    if (!dialog || document.activeElement !== document.body) return;
    dialog.focus();
    if (event.key === "Escape") dialog.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  };
  // Links that we draw ourselves would load the whole app anew: they lead through it as the browser's arrows do.
  const follow = (event) => {
    const link = event.target.closest('[data-testid="stHtml"] a[href^="/"]:not([href^="//"], [download])');
    if (!link || event.defaultPrevented) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // Without a connection nothing would be drawn: the screen stays until there is one, as with all else on it.
    if (find("stApp").dataset.testConnectionState !== "CONNECTED") return;
    if (link.href !== location.href) history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
    find("stMain")?.scrollTo(0, 0);
  };
  if (!document.body.dataset.led) {
    document.body.dataset.led = "yes";
    greet([{ addedNodes: document.body.children }]);
    overlays.observe(document.body, { childList: true });
    document.addEventListener("click", twin);
    document.addEventListener("click", follow);
    document.addEventListener("keydown", leaveNavigation);
    document.addEventListener("keydown", regain, true);
  }
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
