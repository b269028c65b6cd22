// A server and a tablet that can be killed and started again, and a network line to it that can be cut, at the worst moment too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { LAUNCH } from "./common.mjs";

/** The real program, on the same port every time. */
export class Server {
  constructor(command, port) {
    [this.command, this.port] = [command, port];
  }

  async start() {
    const [program, ...words] = this.command;
    this.child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    const said = createInterface({ input: this.child.stderr });
    // It is read to its end, so that the server never waits for a full pipe.
    await new Promise((resolve, reject) => {
      said.on("line", (line) => { if (line.includes("http://")) resolve(); });
      this.child.once("exit", () => reject(new Error("the server ended before it said where it listens")));
    });
  }

  /** Ends it without any warning, as a power cut does. */
  /** A browser is many processes in one group; any that lived on would go on writing into the folder. */
  async kill() {
    const gone = once(this.child, "exit");
    process.kill(-this.child.pid, "SIGKILL");
    await gone;
  }
}

/** A browser that keeps what it has in a folder, and that can lose its power. */
export class Tablet {
  static async start(folder) {
    const tablet = new Tablet();
    const words = [...LAUNCH.args, "--headless", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${folder}`];
    tablet.child = spawn(LAUNCH.executablePath, words, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    const said = createInterface({ input: tablet.child.stderr });
    const address = await new Promise((resolve, reject) => {
      said.on("line", (line) => { if (line.includes("DevTools listening on ")) resolve(line.split("listening on ")[1].trim()); });
      tablet.child.once("exit", () => reject(new Error("the browser ended before it was there")));
    });
    tablet.browser = await chromium.connectOverCDP(address);
    [tablet.context] = tablet.browser.contexts();
    return tablet;
  }

  /** A browser is many processes in one group; any that lived on would go on writing into the folder. */
  async kill() {
    const gone = once(this.child, "exit");
    process.kill(-this.child.pid, "SIGKILL");
    await gone;
    await this.browser.close();
  }
}

export async function freePort() {
  const listener = net.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}

/**
 * One tablet's line to the server. `open` lets everything through; `down` cuts what there is and takes nothing new;
 * `deaf` hands on what the tablet says and loses every answer; `hole` takes everything and hands on nothing.
 */
export class Line {
  static async to(port) {
    const line = new Line();
    line.mode = "open";
    line.lost = 0;
    line.pairs = new Set();
    line.listener = net.createServer((near) => line.accept(near, port)).listen(0, "127.0.0.1");
    await once(line.listener, "listening");
    line.origin = `http://127.0.0.1:${line.listener.address().port}`;
    return line;
  }

  accept(near, port) {
    near.on("error", () => {});
    if (this.mode === "down") return near.destroy();
    const far = net.connect(port, "127.0.0.1");
    const pair = [near, far];
    this.pairs.add(pair);
    far.on("error", () => near.destroy());
    near.on("data", (bytes) => { if (this.mode !== "hole") far.write(bytes); });
    far.on("data", (bytes) => {
      if (this.mode === "deaf") this.lost += 1;
      if (this.mode === "open") near.write(bytes);
    });
    near.on("close", () => { far.destroy(); this.pairs.delete(pair); });
    far.on("close", () => near.destroy());
  }

  set(mode) {
    this.mode = mode;
    if (mode === "down") for (const pair of this.pairs) pair.forEach((end) => end.destroy());
  }

  close() {
    this.set("down");
    this.listener.close();
  }
}
