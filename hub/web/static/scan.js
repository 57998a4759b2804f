// A bookcase on a phone: scan with the browser's own BarcodeDetector, count copies, keep what was entered while the
// line is down. Without this script everything works by typing.
"use strict";

(() => {
  const page = document.querySelector(".bookcase");
  if (!page) return;
  const byId = (id) => document.getElementById(id);
  const store = {
    read(name, empty) {
      try { return JSON.parse(localStorage.getItem(`lienthong-${name}-${page.dataset.library}`)) ?? empty; } catch { return empty; }
    },
    write(name, value) {
      try { localStorage.setItem(`lienthong-${name}-${page.dataset.library}`, JSON.stringify(value)); } catch { /* full or forbidden */ }
    },
  };

  // Copies: – 1 +

  for (const button of page.querySelectorAll(".step")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = button.parentElement.querySelector("input");
      const value = (parseInt(input.value, 10) || 1) + Number(button.dataset.step);
      input.value = Math.min(Math.max(value, Number(input.min)), Number(input.max));
    });
  }

  // What was entered is put into a queue first and leaves it when the hub has said that it has it. A repeat does
  // nothing there, because each act has its key.

  const shown = byId("queue");

  function tell() {
    if (!shown) return;
    const queue = store.read("queue", []);
    const later = store.read("later", []);
    shown.replaceChildren();
    const list = (title, items) => {
      const head = document.createElement("p");
      head.textContent = title;
      const ul = document.createElement("ul");
      for (const item of items) {
        const li = document.createElement("li");
        li.append(item);
        ul.append(li);
      }
      shown.append(head, ul);
    };
    if (queue.length) list(page.dataset.waiting, queue.map((one) => one.title));
    if (later.length) {
      list(page.dataset.later, later.map((text) => {
        const link = document.createElement("a");
        link.href = `?q=${encodeURIComponent(text)}`;
        link.textContent = text;
        return link;
      }));
    }
    shown.hidden = !queue.length && !later.length;
  }

  async function send(one) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams([...one.fields, ["csrfmiddlewaretoken", token]]);
    const answer = await fetch(one.url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    if (answer.redirected || answer.status === 403) throw new Error("sign-in");
    if (answer.status >= 500) throw new Error("later");
    return answer.json().then((said) => ({ ok: answer.ok, ...said }), () => ({ ok: false, wrong: String(answer.status) }));
  }

  let sending = false;

  async function flush() {
    if (sending) return null;
    sending = true;
    let last = null;
    try {
      for (let queue = store.read("queue", []); queue.length; queue = store.read("queue", [])) {
        const said = await send(queue[0]);
        const rest = store.read("queue", []).filter((one) => one.key !== queue[0].key);
        store.write("queue", rest);
        last = said;
        if (!said.ok) break;
      }
    } catch (error) {
      tell();
      if (error.message === "sign-in" && shown) shown.append(page.dataset.signin);
      return null;
    } finally {
      sending = false;
    }
    tell();
    return last;
  }

  for (const form of page.querySelectorAll("form[data-queue]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      const title = form.querySelector(".book-title")?.textContent.trim() || form.elements.title?.value || "";
      const key = form.elements.key.value;
      store.write("queue", [...store.read("queue", []).filter((one) => one.key !== key), { url: form.action, key, fields, title }]);
      form.querySelector("button:not([type=button])").disabled = true;
      const said = await flush();
      if (said && said.ok) {
        store.write("draft", {});
        location.assign(said.next);
      } else if (said) {  // refused: the server's page says why, with what was typed
        form.querySelector("button:not([type=button])").disabled = false;
        form.submit();
      } else {
        store.write("draft", {});
        form.closest("li, details").hidden = true;
        byId("q")?.focus();
      }
    });
  }

  // A half-filled form is still there after the phone was locked or the line dropped.

  const draft = page.querySelector("form[data-draft]");
  if (draft) {
    const kept = store.read("draft", {});
    for (const [name, value] of Object.entries(kept)) {
      const input = draft.elements[name];
      if (input && !input.value && name !== "isbn") input.value = value;
    }
    draft.addEventListener("input", () => {
      const names = ["author", "publisher"];
      if (!navigator.onLine) names.push("title", "year");
      store.write("draft", Object.fromEntries(names.map((name) => [name, draft.elements[name].value])));
    });
  }

  const find = byId("find");
  find?.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const text = byId("q").value.trim();
    if (text) store.write("later", [...store.read("later", []).filter((one) => one !== text), text]);
    byId("q").value = "";
    tell();
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) store.write("later", store.read("later", []).filter((one) => one !== asked));

  addEventListener("online", flush);
  tell();
  if (store.read("queue", []).length) flush();

  // A photo, for browsers that cannot scan: chosen is sent.

  const photo = byId("photo-file");
  if (photo) {
    byId("photo-send").hidden = true;
    photo.addEventListener("change", () => photo.files.length && byId("photo").submit());
  }

  // The camera

  const start = byId("camera-start");
  if (!start || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const box = byId("camera");
  const video = box.querySelector("video");
  let stream = null;

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    box.hidden = true;
    start.hidden = false;
  }

  async function look(detector) {
    while (stream) {
      const found = await detector.detect(video).catch(() => []);
      const number = found.map((one) => one.rawValue).find((text) => /^97[89]\d{10}$/.test(text));
      if (number) {
        navigator.vibrate?.(60);
        stop();
        byId("q").value = number;
        find.requestSubmit();
        return;
      }
      await new Promise((done) => setTimeout(done, 120));
    }
  }

  async function scan() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    } catch {
      start.insertAdjacentText("afterend", page.dataset.denied);
      start.hidden = true;
      return;
    }
    start.hidden = true;
    box.hidden = false;
    video.srcObject = stream;
    await video.play();
    look(new BarcodeDetector({ formats: ["ean_13"] }));
  }

  BarcodeDetector.getSupportedFormats().then((formats) => {
    if (!formats.includes("ean_13")) return;
    start.hidden = false;
    byId("photo").hidden = true;
    start.addEventListener("click", scan);
    byId("camera-stop").addEventListener("click", stop);
    addEventListener("pagehide", stop);
  }, () => {});
})();
