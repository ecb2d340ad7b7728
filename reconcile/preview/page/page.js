"use strict";
// The page follows the saves: it hears the number of each version and fetches itself again. What
// is replaced is within two elements that stay, so that nobody loses the place in them. A hidden page lets
// its connection go, since a browser has six for all the pages of one server.
{
  const shown = document.getElementById("draft");
  const version = () => Number(shown.dataset.version);
  let newest = version();
  let busy = false;
  let events;

  async function refresh() {
    if (busy) return;
    busy = true;
    try {
      while (version() < newest) {
        const answer = await fetch(location.href);
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ["list", "draft"]) {
          document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
        }
        document.title = page.title;
        shown.dataset.version = page.getElementById("draft").dataset.version;
      }
    } finally {
      busy = false;
    }
  }

  function listen() {
    events?.close();
    if (document.hidden) return;
    events = new EventSource("events");
    events.onopen = () => { document.getElementById("lost").hidden = true; };
    events.onerror = () => { document.getElementById("lost").hidden = false; };
    events.onmessage = (event) => {
      newest = Number(event.data);
      refresh();
    };
  }

  document.addEventListener("visibilitychange", listen);
  listen();
}
