// @ts-check
// One connection to the live feed: frames in, and how the line is doing. The server sends something at least every
// ten seconds, so silence means that the line is dead even where the browser has not noticed.

const SILENCE_MS = 25_000;
const WAIT_MS_MAX = 20_000;

/**
 * @param {string} path where the feed is, such as `/a/gp/live`
 * @param {(frame: any) => void} onFrame called for every frame
 * @param {(open: boolean) => void} onLine called when the line opens or is lost
 */
export function follow(path, onFrame, onLine) {
  let tries = 0;
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {number | undefined} */
  let watchdog;
  /** @type {number | undefined} */
  let retry;

  const open = () => {
    clearTimeout(retry);
    socket?.close();
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const own = (socket = new WebSocket(url));
    const lost = () => {
      if (own !== socket) return;
      clearTimeout(watchdog);
      onLine(false);
      tries += 1;
      // Full jitter: when a hall's access point comes back, not everybody knocks in the same second.
      retry = setTimeout(open, Math.random() * Math.min(WAIT_MS_MAX, 500 * 2 ** tries));
    };
    own.onmessage = (event) => {
      if (own !== socket) return;
      tries = 0;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => { own.close(); lost(); }, SILENCE_MS);
      onLine(true);
      onFrame(JSON.parse(event.data));
    };
    own.onclose = lost;
  };

  const again = () => { if (socket?.readyState !== WebSocket.OPEN) { tries = 0; open(); } };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  open();
}
