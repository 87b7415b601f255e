// A TCP way to a server that can be shut: whoever is in is cut off, whoever comes is refused, as by a host that is down.
import net from "node:net";

export interface Door {
  url: string;
  shut(): Promise<void>;
  /** On the same port. */
  open(): Promise<void>;
}

export async function startDoor(to: string): Promise<Door> {
  const target = new URL(to);
  const inside = new Set<net.Socket>();
  let server: net.Server | undefined;
  let port = 0;

  function letIn(socket: net.Socket): void {
    const beyond = net.connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [socket, beyond],
      [beyond, socket],
    ] as const) {
      inside.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        inside.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  const door: Door = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    async open() {
      const opened = net.createServer(letIn);
      await new Promise<void>((resolve, reject) => {
        opened.once("error", reject);
        opened.listen(port, "127.0.0.1", resolve);
      });
      port = (opened.address() as net.AddressInfo).port; // it listens on TCP
      server = opened;
    },
    async shut() {
      const closing = server;
      server = undefined;
      const closed = new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()));
      for (const socket of inside) socket.destroy();
      await closed;
    },
  };
  await door.open();
  return door;
}
