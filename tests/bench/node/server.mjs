// The peer: a chat as the guides of Socket.IO build it, with Redis between replicas. It stores nothing, believes
// every token, and says and hears the same events as Roomful, so that frames are as long.

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const publisher = createClient({ url: process.env.REDIS_URL });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const server = createServer();
const io = new Server(server, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"] });
const numbers = new Map(); // room → the number of its last event, as far as this replica has counted
let ids = 0;

io.on("connection", (socket) => {
  const id = String(++ids);
  const author = { id, username: `ann-${id}`, display_name: `Ann-${id}`, role: "member", bot: false };

  socket.on("join", async ({ room }, acknowledge) => {
    await socket.join(room);
    const last_seq = numbers.get(room) ?? 0;
    acknowledge({ ok: true, room, log: "0123456789abcdef", last_seq, events: [], reset: false });
  });

  socket.on("send", ({ room, text, client_id }, acknowledge) => {
    const seq = (numbers.get(room) ?? 0) + 1;
    numbers.set(room, seq);
    const at = new Date().toISOString();
    const message = {
      id: `${room}-${seq}`, room, seq, author, text, image: null, labels: null, reply_to: null, client_id,
      reactions: {}, created_at: at, edited_at: null, deleted_at: null,
    };
    io.to(room).emit("event", { room, seq, type: "message", message, at });
    acknowledge({ ok: true, message });
  });
});

server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
