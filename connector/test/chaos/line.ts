// A line of the network that can be cut: a TCP proxy between the connector and one of its neighbours, or its database.
import { once } from "node:events";
import { createConnection, createServer, type NetConnectOpts, type Socket } from "node:net";

/** refused: nobody answers, and what is open breaks; reset: what is open breaks; stalled: bytes wait on the way, in both directions. */
export type LineFault = "refused" | "reset" | "stalled";

export interface Line {
  port: number;
  /** Ends by itself. A later fault takes the place of an earlier one. */
  fault(how: LineFault, forMs: number): void;
  heal(): void;
  close(): Promise<void>;
}

/** What passes on one connection may be looked at, and held: resolves when it may go on. */
export type Watch = (
  bytes: Buffer,
  of: { direction: "there" | "back"; connection: object },
) => Promise<void> | undefined;

export async function startLine(target: NetConnectOpts, watch: Watch = () => undefined): Promise<Line> {
  const open = new Set<Socket>();
  let refusing = false;
  let stalled: Promise<void> | undefined;
  let endFault: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const server = createServer((near) => {
    if (refusing) return void near.destroy();
    const far = createConnection(target);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    const connection = near;
    carry(near, far, { direction: "there", connection });
    carry(far, near, { direction: "back", connection });
  });

  /** In order, and also after the sender has gone: what is on its way arrives. */
  function carry(from: Socket, to: Socket, of: Parameters<Watch>[1]): void {
    let before = Promise.resolve();
    const inOrder = (act: () => void, bytes?: Buffer) => {
      before = before.then(async () => {
        await stalled;
        if (bytes) await watch(bytes, of);
        if (!to.destroyed) act();
      });
    };
    from.on("data", (bytes: Buffer) => inOrder(() => void to.write(bytes), bytes));
    from.on("end", () => inOrder(() => void to.end()));
    from.on("close", () => inOrder(() => void to.end()));
  }

  function heal(): void {
    clearTimeout(timer);
    refusing = false;
    stalled = undefined;
    endFault?.();
    endFault = undefined;
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    heal,
    fault(how, forMs) {
      heal();
      if (how === "stalled")
        stalled = new Promise((resolve) => {
          endFault = resolve;
        });
      else for (const socket of open) socket.resetAndDestroy();
      refusing = how === "refused";
      timer = setTimeout(heal, how === "reset" ? 0 : forMs);
    },
    async close() {
      heal();
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
