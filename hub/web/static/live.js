// The page of a run that goes on: its changing part is fetched every two seconds; when it has ended the page is shown anew.
"use strict";
(() => {
  const part = document.getElementById("live");
  const from = part && part.dataset.from;
  if (!from) return;
  const renew = async () => {
    try {
      const answer = await fetch(from, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return location.reload();
      const open = part.querySelector("details[open]") !== null;
      part.innerHTML = await answer.text();
      if (open) part.querySelectorAll("details").forEach((fold) => (fold.open = true));
      if (!part.querySelector("[aria-current=step]")) return location.reload();
    } catch (error) {
      // the line is down for a moment; the next look tries again
    }
    setTimeout(renew, 2000);
  };
  setTimeout(renew, 2000);
})();
