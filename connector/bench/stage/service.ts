import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild } from "./child.ts";
import type { Observed, ProbeQuestion } from "./probe.ts";

const program = fileURLToPath(new URL("../../bin/ml-connector.js", import.meta.url));
const probe = new URL("./probe.ts", import.meta.url).href;
/** As `npm start` has it. */
const nodeOptions = ["--max-semi-space-size=16"];

/** The product as it is deployed, in a process of its own, with the probe in it. */
export interface Service {
  url: string;
  /** What the probe noted; with `forget` it begins anew. */
  observe(question?: ProbeQuestion): Promise<Observed>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  env: Record<string, string>;
  /** Folder for a CPU profile of the service, written when it stops. */
  profileTo?: string | undefined;
}

export async function startService({ env, profileTo }: ServiceOptions): Promise<Service> {
  const profiling = profileTo === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileTo}`];
  const child = await startChild([...nodeOptions, ...profiling, "--import", probe, program, "start", "--json"], env);
  const end = child.gone.then(() => {
    throw new Error(`the service ended: ${child.lastWords()}`);
  });
  end.catch(() => undefined);
  let asking: Promise<unknown> = Promise.resolve();
  return {
    url: child.url,
    async observe(question = "observed") {
      const mine = asking.then(async () => {
        const answered = once(child.process, "message");
        child.process.send(question);
        const [answer] = await Promise.race([answered, end]);
        return answer as Observed; // the probe's only answer
      });
      asking = mine.catch(() => undefined);
      return mine;
    },
    stop: () => child.end("SIGTERM"),
    kill: () => child.end("SIGKILL"),
  };
}
