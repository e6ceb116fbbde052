// Brings the main part up to date and leaves alone what the reader opened, chose or selected:
// elements stay the same ones, so focus, scroll and the place of a screen reader stay, too.
"use strict";
const indicator = document.getElementById("status");
const pause = document.getElementById("pause");
const announcements = document.getElementById("announcements");
const labels = { pause: pause.textContent, resume: pause.dataset.resume };
const title = document.title;
let isPaused = false;
let latest = null;
let lines = [];
let announced = "";

// What the reader has changed on an element is not the page's to change back.
const kept = new Set(["open", "checked"]);

function attributes(now, next) {
  for (const { name, value } of next.attributes) {
    if (!kept.has(name) && now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  for (const { name } of [...now.attributes]) {
    if (!kept.has(name) && !next.hasAttribute(name)) now.removeAttribute(name);
  }
}

// An element is itself by its identifier, where it or what it is named by has one; any other by its
// name and its place between those.
const identity = (node) => node.id || node.getAttribute?.("aria-labelledby") || "";

function morph(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  attributes(now, next);
  const wanted = new Set([...next.childNodes].map(identity));
  const known = new Map();
  for (const child of [...now.childNodes]) {
    const id = identity(child);
    if (id && !wanted.has(id)) child.remove();
    else if (id) known.set(id, child);
  }
  let place = now.firstChild;
  const drop = () => {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  };
  for (const child of [...next.childNodes]) {
    const id = identity(child);
    let match = id ? known.get(id) : place;
    if (id && match) {
      while (place && place !== match && !identity(place)) drop();
    } else if (child.nodeType === Node.ELEMENT_NODE) {
      while (match && !identity(match) && match.nodeName !== child.nodeName) match = match.nextSibling;
      if (match && identity(match)) match = null;
      while (match && place !== match) drop();
    }
    if (!match || match.nodeName !== child.nodeName || (!id && identity(match))) {
      now.insertBefore(child, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else now.insertBefore(match, place);
    morph(match, child);
  }
  while (place) drop();
}

// Only what is bad is said aloud, and only when it is something else than before; the title shows
// it to those who look at another page.
function announce(main) {
  const bad = [...main.querySelectorAll(".attention .bad")];
  const text = bad.map((item) => item.textContent.trim()).join(". ");
  if (text !== announced) announcements.textContent = announced = text;
  document.title = (text && "● ") + title;
}

function show() {
  const main = document.querySelector("main");
  const isSelected = !getSelection().isCollapsed && main.contains(getSelection().anchorNode);
  if (latest === null || isPaused || isSelected) return;
  const next = new DOMParser().parseFromString(latest, "text/html").querySelector("main");
  latest = null;
  morph(main, next);
  announce(main);
}

function tell(state) {
  indicator.textContent = indicator.dataset[state];
  indicator.className = state;
}

pause.hidden = false;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? labels.resume : labels.pause;
  tell(isPaused ? "paused" : "live");
  show();
});
document.addEventListener("selectionchange", show);
document.addEventListener("click", async ({ target }) => {
  if (!target.matches?.(".copy")) return;
  await navigator.clipboard.writeText(target.parentElement.querySelector("code").textContent);
  announcements.textContent = pause.dataset.copied;
  target.classList.add("done");
});
document.documentElement.classList.add("scripted");

const stream = new EventSource(document.body.dataset.stream);
stream.addEventListener("open", () => tell(isPaused ? "paused" : "live"));
stream.addEventListener("error", () => tell("lost"));
// A message is the lines of the main part: new ones, and ranges of those of the message before.
stream.addEventListener("message", ({ data }) => {
  const parts = JSON.parse(data);
  lines = parts.flatMap((part) => (Array.isArray(part) ? lines.slice(...part) : part));
  latest = lines.join("\n");
  show();
});
