// Who signed a delivery of QuickBooks' webhooks, where connections bring Intuit apps of their own: every app has its own verifier tokens.
import type { Seal } from "./credentials/index.ts";
import { bindingOf } from "./own-clients.ts";
import type { OwnClientStore } from "./ports.ts";

/** An Intuit app, and the companies that it may speak for. */
export interface Signer {
  clientId: string;
  /** Undefined: every company that is connected through it. */
  realms: ReadonlySet<string> | undefined;
}

/** Whether one of these verifier tokens signed the delivery at hand. */
type IsSignedBy = (verifiers: readonly string[]) => boolean;

interface Known {
  clientId: string;
  realm: string | undefined;
  verifiers: readonly string[];
}

const knownMs = 5_000;
/** A delivery that nobody knows has the verifiers read again, but not each of a flood. */
const againMs = 1_000;

type FindSigner = (isSignedBy: IsSignedBy) => Promise<Signer | undefined>;

export function createFindSigner(options: {
  /** The deployment's own app; undefined: none is configured. */
  deployment: { clientId: string; verifiers: readonly string[] } | undefined;
  store: Pick<OwnClientStore, "verifying">;
  seal: Pick<Seal, "open">;
  monotonicMs: () => number;
}): FindSigner {
  const { deployment, store, seal, monotonicMs } = options;
  const opened = new Map<string, readonly string[]>();
  let known: readonly Known[] = [];
  let readAt = Number.NEGATIVE_INFINITY;

  async function readAgain(): Promise<void> {
    readAt = monotonicMs();
    const rows = await store.verifying();
    const sealed = new Set(rows.map((row) => row.sealedVerifiers));
    for (const text of opened.keys()) if (!sealed.has(text)) opened.delete(text);
    known = await Promise.all(
      rows.map(async (row) => {
        const text = row.sealedVerifiers ?? "";
        const verifiers =
          opened.get(text) ?? (JSON.parse(await seal.open(text, bindingOf(row, "verifiers"))) as string[]); // we sealed it
        opened.set(text, verifiers);
        return { clientId: row.clientId, realm: row.realm, verifiers };
      }),
    );
  }

  /** All are compared: the time tells nothing about which one matched. */
  function among(isSignedBy: IsSignedBy): Signer | undefined {
    const fitting = known.filter(({ verifiers }) => isSignedBy(verifiers));
    const [first] = fitting;
    return (
      first && {
        clientId: first.clientId,
        realms: new Set(
          fitting.flatMap(({ clientId, realm }) => (clientId === first.clientId && realm ? [realm] : [])),
        ),
      }
    );
  }

  return async (isSignedBy) => {
    if (deployment && isSignedBy(deployment.verifiers)) return { clientId: deployment.clientId, realms: undefined };
    if (monotonicMs() - readAt > knownMs) await readAgain();
    const found = among(isSignedBy);
    if (found || monotonicMs() - readAt <= againMs) return found;
    await readAgain();
    return among(isSignedBy);
  };
}
