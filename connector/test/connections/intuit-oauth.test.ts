// Intuit's own OAuth client and ours, asked the same in the same states of the simulator: they have to hear the same.
import { inspect } from "node:util";
import packaged from "intuit-oauth";
import { beforeEach, describe, expect, it } from "vitest";
import { RemoteFailure } from "../../src/domain/index.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";

interface Peer {
  refreshUsingToken(
    token: string,
  ): Promise<{ json: { refresh_token: string; x_refresh_token_hard_expires_in?: number } }>;
}
interface PeerClass {
  new (config: Record<string, unknown>): Peer;
  tokenEndpoint: string;
}
// Its own types do not know that addresses can be set.
const OAuthClient = packaged as unknown as PeerClass;

const dayMs = 86_400_000;
type Bench = Awaited<ReturnType<typeof startQuickbooksBench>>;

/** Each state is entered anew for each client. Returns the refresh token to ask with. */
const states: Record<string, { enter: (bench: Bench, token: string) => Promise<string | undefined>; secret?: string }> =
  {
    "a fresh consent": { enter: async () => undefined },
    "a consent of yesterday, whose token changes": {
      enter: async (bench) => void (await bench.control.post("clock", { advanceMs: 25 * 3_600_000 })),
    },
    "a token that was replaced": {
      async enter(bench, token) {
        await bench.control.post("clock", { advanceMs: 25 * 3_600_000 });
        await bench.grants.refresh({ subject: bench.realm, refreshToken: token });
        return token;
      },
    },
    "a consent that was revoked": {
      async enter(bench, token) {
        await bench.grants.revoke({ subject: bench.realm, accessToken: "", refreshToken: token });
        return token;
      },
    },
    "a consent that nobody has used for 102 days": {
      enter: async (bench) => void (await bench.control.post("clock", { advanceMs: 102 * dayMs })),
    },
    "a token that never was": { enter: () => Promise.resolve("RT1-1-H0-nonsense") },
    "another secret than ours": { enter: async () => undefined, secret: "another-secret" },
    "a sign-in server that is away": {
      enter: async (bench) =>
        void (await bench.control.faults({
          operation: "oauth.refresh",
          nth: 1,
          times: 99,
          status: 503,
          afterEffect: false,
        })),
    },
  };

const heard = new Set<string>();

describe("Intuit's own client and ours", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startQuickbooksBench();
    OAuthClient.tokenEndpoint = bench.hosts.token;
    return () => bench.close();
  });

  async function entered(name: string): Promise<string> {
    const { refreshToken = "" } = await bench.grant();
    return (await states[name]?.enter(bench, refreshToken)) ?? refreshToken;
  }

  /** Whether the token changed, or by which error it was refused. */
  async function ofPeer(name: string): Promise<string> {
    const token = await entered(name);
    const clientSecret = states[name]?.secret ?? "simulator-secret";
    const peer = new OAuthClient({
      clientId: "simulator-client",
      clientSecret,
      environment: "sandbox",
      redirectUri: "http://localhost",
    });
    try {
      const { json } = await peer.refreshUsingToken(token);
      return json.refresh_token === token ? "kept" : "changed";
    } catch (fault) {
      return codeIn(inspect(fault, { depth: 4 }));
    }
  }

  async function ofOurs(name: string): Promise<string> {
    const token = await entered(name);
    const secret = states[name]?.secret;
    const grants =
      secret === undefined ? bench.grants : bench.grantsOf({ clientId: "simulator-client", clientSecret: secret });
    try {
      const { refreshToken } = await grants.refresh({ subject: bench.realm, refreshToken: token });
      return refreshToken === token ? "kept" : "changed";
    } catch (failure) {
      if (!(failure instanceof RemoteFailure)) throw failure;
      return codeIn(failure.code);
    }
  }

  const codeIn = (text: string) => /invalid_grant|invalid_client|503/.exec(text)?.[0] ?? text.slice(0, 200);

  it.each(Object.keys(states))("hear the same of %s", async (name) => {
    const [ours, peer] = [await ofOurs(name), await ofPeer(name)];
    expect(ours).toBe(peer);
    heard.add(ours);
  });

  it("together have heard everything that can be said", () => {
    expect([...heard].toSorted((one, other) => one.localeCompare(other))).toEqual([
      "503",
      "changed",
      "invalid_client",
      "invalid_grant",
      "kept",
    ]);
  });
});
