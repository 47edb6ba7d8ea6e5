// Drawn by a script run, which can do neither itself: trades the ticket for the HttpOnly cookie, or drops the cookie; then
// has the page look as its person chose. Streamlit's front end reads the look from these keys when it is loaded.
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
  if (errand) {
    fetch(`/session/${errand}`, { method: "POST", headers: ticket ? { "x-ticket": ticket } : {} }).then((answer) => {
      if (answer.ok) takeLook();
    });
  } else {
    takeLook();
  }
}
