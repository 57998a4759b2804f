// Files of a deposit, resumable by tus 1.0.0: hashed first, sent in pieces each with its checksum, gone on with where the
// line was cut, also after the page was closed (the same content is known again). Without this script the form sends the
// file in one piece.
"use strict";

(() => {
  const form = document.querySelector("form[data-uploads]");
  if (!form) return;
  const PIECE = 8 * 1024 * 1024;
  const input = form.querySelector("input[type=file]");
  const list = document.getElementById("uploads");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const words = form.dataset;

  // SHA-256 (FIPS 180-4) of what comes piece by piece: the browser's own gives no intermediate state.

  class Sha256 {
    static K = (() => {
      const found = [];
      for (let n = 2; found.length < 64; n++) {
        let prime = true;
        for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
        if (prime) found.push((Math.cbrt(n) % 1) * 2 ** 32 | 0);
      }
      return new Int32Array(found);
    })();

    constructor() {
      this.state = new Int32Array([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);
      this.rest = new Uint8Array(64);
      this.held = 0;
      this.length = 0;
      this.w = new Int32Array(64);
    }

    update(bytes) {
      this.length += bytes.length;
      let at = 0;
      if (this.held) {
        const take = Math.min(64 - this.held, bytes.length);
        this.rest.set(bytes.subarray(0, take), this.held);
        this.held += take;
        at = take;
        if (this.held < 64) return;
        this.block(this.rest, 0);
        this.held = 0;
      }
      for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
      this.rest.set(bytes.subarray(at), 0);
      this.held = bytes.length - at;
    }

    block(b, at) {
      const w = this.w, k = Sha256.K, s = this.state;
      for (let i = 0; i < 16; i++, at += 4) w[i] = (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let [a, e0, c, d, e, f, g, h] = s;
      for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & e0) ^ (a & c) ^ (e0 & c))) | 0;
        h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = e0; e0 = a; a = (t1 + t2) | 0;
      }
      s[0] += a; s[1] += e0; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
    }

    hex() {
      const bits = this.length * 8, tail = new Uint8Array(this.held < 56 ? 64 : 128);
      tail.set(this.rest.subarray(0, this.held));
      tail[this.held] = 0x80;
      const view = new DataView(tail.buffer);
      view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
      view.setUint32(tail.length - 4, bits >>> 0);
      for (let at = 0; at < tail.length; at += 64) this.block(tail, at);
      return [...this.state].map((n) => (n >>> 0).toString(16).padStart(8, "0")).join("");
    }
  }

  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const encoded = (text) => base64(new TextEncoder().encode(text));
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  const read = async (file, start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer());

  async function digest(file, tell) {
    const sum = new Sha256();
    for (let at = 0; at < file.size; at += PIECE) {
      sum.update(await read(file, at, at + PIECE));
      tell(words.hashing, at, file.size);
    }
    return sum.hex();
  }

  async function ask(method, url, headers = {}, body = undefined) {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 30000)) {
      try {
        const answer = await fetch(url, {method, body, headers: {"Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers}});
        if (answer.status < 500 || answer.status === 507) return answer;
      } catch { /* the line is down: once more */ }
      await wait(pause);
    }
  }

  async function send(file, tell) {
    const sha256 = await digest(file, tell);
    const said = {filename: file.name, sha256, publication: words.publication};
    const metadata = Object.entries(said).map(([name, text]) => `${name} ${encoded(text)}`).join(",");
    const made = await ask("POST", words.uploads, {"Upload-Length": String(file.size), "Upload-Metadata": metadata});
    if (made.status !== 201) throw new Error(await made.text());
    const place = made.headers.get("Location");
    let at = Number(made.headers.get("Upload-Offset"));
    while (at < file.size) {
      tell(words.sending, at, file.size);
      const bytes = await read(file, at, at + PIECE);
      const headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at)};
      if (crypto.subtle) headers["Upload-Checksum"] = `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))}`;
      const answer = await ask("PATCH", place, headers, bytes);
      if ([409, 423, 460].includes(answer.status)) await wait(500);
      else if (answer.status !== 204) throw new Error(await answer.text());
      at = answer.status === 204 ? Number(answer.headers.get("Upload-Offset"))
        : Number((await ask("HEAD", place)).headers.get("Upload-Offset"));
    }
    return place;
  }

  async function judged(place, tell) {
    for (let pause = 500; ; pause = Math.min(pause * 1.5, 5000)) {
      const found = await (await ask("GET", place)).json();
      if (!["arriving", "arrived", "judging"].includes(found.state)) return found;
      tell();
      await wait(pause);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const waiting = [];
    for (const file of [...input.files]) {
      const line = document.createElement("li");
      const bar = document.createElement("progress");
      const text = document.createElement("span");
      line.append(`${file.name} `, bar, " ", text);
      list.prepend(line);
      const fail = (error) => {
        bar.remove();
        text.textContent = error.message;
        text.className = "alarm";
      };
      try {
        const place = await send(file, (what, done, whole) => {
          bar.max = whole;
          bar.value = done;
          text.textContent = what;
        });
        bar.remove();
        waiting.push(judged(place, () => { text.textContent = words.judging; }).then((found) => {
          text.textContent = words[found.state] || found.state;
          for (const one of found.problems) {
            const problem = document.createElement("p");
            problem.className = one.grave ? "alarm" : "quiet";
            problem.textContent = one.text;
            line.append(problem);
          }
        }).catch(fail));
      } catch (error) {
        fail(error);
      }
    }
    input.value = "";
    button.disabled = false;
    await Promise.all(waiting);
  });
})();
