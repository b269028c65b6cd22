// @ts-check
// One line to the live feed: frames in, and how the line is doing. A WebSocket where the network lets one through, else
// server-sent events, else the same numbers asked for again and again. The server sends something at least every ten
// seconds, so silence means that the line is dead even where the browser has not noticed.

const WAIT_MS_MAX = 20_000;
/** The server speaks first; a proxy that lets the line open and then says nothing has swallowed it. */
const HELLO_MS = 5_000;
const POLL_MS = 4_000;
/** After so many polls it is worth finding out whether the network lets more through now. */
const POLLS_MAX = 75;
/** A way that has failed so often in a row before the server spoke is not the way. */
const FAILURES_MAX = 2;

/** @type {number | null} */
let offset = null;

/** The server's clock minus this one's in milliseconds, as of the last hello; `null` before the first. */
export const serverOffset = () => offset;

/**
 * @param {string} path where the feed is, such as `/a/gp/live`
 * @param {(frame: any) => void} onFrame called for every frame
 * @param {(open: boolean) => void} onLine called when the line opens or is lost
 */
export function follow(path, onFrame, onLine) {
  let tries = 0;
  let failures = 0;
  let failuresMax = FAILURES_MAX;
  let way = 0;
  let waiting = false;
  let silenceMs = 25_000;
  let epoch = "";
  /** @type {number | null} everything up to here has been heard */
  let position = null;
  /** @type {{ close: () => void } | undefined} */
  let line;
  /** @type {number | undefined} */
  let watchdog;
  /** @type {number | undefined} */
  let retry;

  /** @param {string} end @param {string} [scheme] */
  const address = (end, scheme) => {
    const url = new URL(path, location.href);
    url.pathname = url.pathname.replace(/\/live$/, end);
    if (position !== null) url.searchParams.set("after", `${epoch}:${position}`);
    if (scheme) url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url;
  };
  /** A line that is heard and lost like any other, whatever carries it. @param {(own: Line) => { close: () => void }} begin */
  const begin = (begin) => {
    let spoke = false;
    let over = false;
    /** @type {Line} */
    const own = {
      hear: (frame) => {
        if (over) return;
        watch(silenceMs, own.lost);
        if (!spoke) { spoke = true; tries = 0; failures = 0; failuresMax = FAILURES_MAX; onLine(true); }
        if (frame.type === "bye") { own.lost(frame.after_ms); return; }
        note(frame);
        onFrame(frame);
      },
      lost: (afterMs) => {
        if (over) return;
        over = true;
        clearTimeout(watchdog);
        opened.close();
        onLine(false);
        if (!spoke && (failures += 1) >= failuresMax) { failures = 0; way = (way + 1) % WAYS.length; }
        tries += 1;
        waiting = true;
        // Full jitter: when a hall's access point comes back, not everybody knocks in the same second.
        retry = setTimeout(open, afterMs ?? Math.random() * Math.min(WAIT_MS_MAX, 500 * 2 ** tries));
      },
    };
    const opened = begin(own);
    watch(HELLO_MS, own.lost);
    return { close: () => { over = true; opened.close(); } };
  };
  /** @param {number} ms @param {() => void} lost */
  const watch = (ms, lost) => { clearTimeout(watchdog); watchdog = setTimeout(() => lost(), ms); };
  /** Remembers where to go on from. @param {any} frame */
  const note = (frame) => {
    if (frame.type === "hello") {
      epoch = frame.epoch;
      offset = frame.server_time_ms - Date.now();
      silenceMs = frame.heartbeat_s * 2_500;
      // What the hello announces has not been heard yet.
      if (frame.mode === "snapshot") position = null;
      return;
    }
    const at = frame.state ? frame.state.position : frame.position;
    if (typeof at === "number" && (position !== null || frame.type === "snapshot")) position = at;
  };

  const socket = () => begin((own) => {
    const opened = new WebSocket(address("/live", "ws"));
    opened.onmessage = (event) => own.hear(JSON.parse(event.data));
    opened.onclose = () => own.lost();
    return opened;
  });
  const events = () => begin((own) => {
    const opened = new EventSource(address("/live/sse"));
    opened.onmessage = (event) => own.hear(JSON.parse(event.data));
    // It would come back by itself, all at once with everybody else.
    opened.onerror = () => own.lost();
    return opened;
  });
  const polls = () => begin((own) => {
    let polled = 0;
    /** @type {number | undefined} */
    let next;
    const poll = async () => {
      const answer = await fetch(address("/snapshot.json"), { cache: "no-cache" }).catch(() => null);
      const frame = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!frame) { own.lost(); return; }
      own.hear(frame.state.position === position ? { type: "hb", position } : frame);
      polled += 1;
      if (polled === POLLS_MAX) { way = 0; failuresMax = 1; own.lost(0); return; }
      next = setTimeout(poll, POLL_MS * (0.75 + Math.random() / 2));
    };
    poll();
    return { close: () => clearTimeout(next) };
  });
  const WAYS = [socket, events, polls];

  const open = () => {
    clearTimeout(retry);
    clearTimeout(watchdog);
    waiting = false;
    line?.close();
    line = WAYS[way]();
  };
  const again = () => { if (waiting) { tries = 0; open(); } };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  open();
}

/** @typedef {{ hear: (frame: any) => void, lost: (afterMs?: number) => void }} Line */
