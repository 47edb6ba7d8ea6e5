// Drawn by a script run, which can't set an HttpOnly cookie itself: trades the ticket for the cookie, or drops the cookie.
{
  const { ticket } = document.currentScript.dataset;
  fetch(ticket ? "/session/start" : "/session/end", {
    method: "POST",
    headers: ticket ? { "x-ticket": ticket } : {},
  });
}
