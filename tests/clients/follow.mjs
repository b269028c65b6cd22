// Says one thing in an assembly over its socket, and follows until everybody can see that it counts.
// usage: node --experimental-websocket follow.mjs "http://127.0.0.1:8080/a/gp/join#SECRET" "What I want to say"
// (A browser, and Node from version 22 on, need no flag.)
const [link, words] = process.argv.slice(2);
const [assembly, secret] = link.split("/join#");
const entered = await fetch(`${assembly}/join`, { method: "POST", redirect: "manual", body: new URLSearchParams({ secret }) });
const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
const socket = new WebSocket(assembly.replace("http", "ws") + "/live?as=participant", { headers: { cookie } });
// The same id again gets the same answer, so send it again as often as the network makes you.
const command = { type: "submit", id: crypto.randomUUID(), text: words, kind: "point" };
let position = Infinity;
let state = { position: 0 };

socket.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.type === "hello") socket.send(JSON.stringify(command));
  if (frame.type === "refused") {
    console.error(frame.reason);
    process.exit(1);
  }
  if (frame.type === "ack") {
    position = frame.position;
    console.log("receipt", frame.receipt);
  }
  // What everybody sees can come before the ack.
  if (["snapshot", "state"].includes(frame.type)) state = frame.state;
  if (state.position >= position) {
    console.log("counted among", state.coverage.contributions);
    position = Infinity;
    socket.close();
  }
};
