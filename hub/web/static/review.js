/* The catalogers' desk: one key for each action. Without this script the same buttons are pressed by hand. */
"use strict";

(() => {
  const KEPT = "review-keys";
  const say = document.getElementById("say");
  const notice = document.querySelector("[data-say]");
  let busy = false;

  const on = () => localStorage.getItem(KEPT) !== "off";

  function writes(place) {
    return place instanceof HTMLElement &&
      (place.isContentEditable || place.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"));
  }

  function act(target) {
    if (target.dataset.opens) {
      const fold = document.getElementById(target.dataset.opens);
      fold.open = true;
      fold.scrollIntoView({ block: "nearest" });
      (fold.querySelector("input:not([type=hidden])") ?? fold.querySelector("summary")).focus();
      return;
    }
    busy = target.matches("button");
    target.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || busy || !on() || writes(event.target)) return;
    if (event.key === "Enter") {
      const go = document.querySelector("[data-key=Enter]");
      if (!go || document.activeElement !== document.body) return;
      event.preventDefault();
      act(go);
      return;
    }
    const key = event.key.toLowerCase();
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (target) {
      event.preventDefault();
      act(target);
    }
  });

  /* The next pair is there: say what was done, and begin at its head. */
  window.addEventListener("pageshow", () => {
    busy = false;
    if (!notice) return;
    document.getElementById("ask")?.focus({ preventScroll: true });
    if (say) say.textContent = notice.querySelector("p").textContent.trim();
  });

  /* Single keys can be switched off (WCAG 2.1.4). */
  const line = document.getElementById("shortcuts");
  if (line) {
    const [off, back] = line.querySelectorAll("button");
    const show = () => {
      off.hidden = !on();
      back.hidden = on();
      document.body.classList.toggle("no-keys", !on());
    };
    for (const [button, word] of [[off, "off"], [back, "on"]]) {
      button.addEventListener("click", () => {
        localStorage.setItem(KEPT, word);
        show();
        (word === "off" ? back : off).focus();
      });
    }
    line.hidden = false;
    show();
  }
})();
