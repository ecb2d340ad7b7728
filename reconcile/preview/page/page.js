"use strict";
// The page follows the saves: it hears the number of each version and fetches itself again, and its
// links fetch what they lead to. Of what was there, only what differs is replaced, so that nobody loses
// the place, the focus or a selection. A hidden page lets its connection go, since a browser has six for
// all the pages of one server.
{
  const lost = document.getElementById("lost");
  const list = document.getElementById("list");
  const shown = document.getElementById("draft");
  const version = () => Number(shown.dataset.version);
  let newest = version();
  let address = location.href; // of what is shown
  let busy = false;
  let events;

  // become makes an element what another one is. Children that have a key are found by it.
  function become(old, next) {
    if (old.isEqualNode(next)) return;
    if (old.nodeName !== next.nodeName || old.nodeType !== Node.ELEMENT_NODE) {
      old.replaceWith(next);
      return;
    }
    const isOwn = (name) => name === "open" && old.className === next.className; // the reader's doing
    for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && !isOwn(name)) old.removeAttribute(name);
    for (const { name, value } of next.attributes) if (!isOwn(name)) old.setAttribute(name, value);
    const key = (node) => node.dataset?.key;
    const wanted = [...next.childNodes];
    const keys = new Set(wanted.map(key));
    let at = old.firstChild;
    for (const child of wanted) {
      while (at && !keys.has(key(at))) [at] = [at.nextSibling, at.remove()];
      if (!at || key(at) !== key(child)) {
        old.insertBefore(child, at);
      } else {
        const old = at;
        at = at.nextSibling;
        become(old, child);
      }
    }
    while (at) [at] = [at.nextSibling, at.remove()];
  }

  async function refresh() {
    if (busy) return;
    busy = true;
    try {
      while (version() < newest || address !== location.href) {
        const asked = location.href;
        const answer = await fetch(asked, { headers: { "Known-List": list.dataset.mark } });
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const draft = shown.dataset.draft;
        const others = page.getElementById("list"); // none, if they are known
        if (others.dataset.mark !== list.dataset.mark) become(list, others);
        become(shown, page.getElementById("draft"));
        document.documentElement.className = page.documentElement.className;
        document.title = page.title;
        address = asked;
        if (shown.dataset.draft !== draft) scrollTo(0, 0);
      }
    } catch {
      lost.hidden = false;
    } finally {
      busy = false;
    }
  }

  function listen() {
    events?.close();
    if (document.hidden) return;
    events = new EventSource("events");
    events.onopen = () => { lost.hidden = true; };
    events.onerror = () => { lost.hidden = false; };
    events.onmessage = (event) => {
      newest = Number(event.data);
      refresh();
    };
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.href !== location.href) history.pushState(null, "", link.href);
    refresh();
  });
  addEventListener("popstate", refresh);

  // In the list, the arrows lead from one draft to the next.
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const links = [...list.querySelectorAll("a")];
    links[links.indexOf(document.activeElement) + steps]?.focus();
  });

  list.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  document.addEventListener("visibilitychange", listen);
  listen();
}
