// SPEC.md (connections/credentials) C11: every state, every event, over a simulator and the real store.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialAlarm,
  type CredentialStore,
  createSeal,
  createTokenSource,
  storeGrant,
} from "../../src/connections/credentials/index.ts";
import {
  type CredentialEvent,
  type CredentialState,
  credentialState,
  credentialTransitions,
} from "../../src/connections/credentials/states.ts";
import { RemoteFailure } from "../../src/domain/index.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { eventually, type TestDatabase, testDatabase } from "../harness/index.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";

const states = Object.keys(credentialTransitions) as CredentialState[];
const events = Object.keys(credentialTransitions.absent) as CredentialEvent[];
const cells = states.flatMap((state) => events.map((event) => ({ state, event })));
const seal = createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) });
const clock = { wallMs: () => Date.now(), wait: () => Promise.resolve() };
const quiet: CredentialAlarm = {
  refused: () => Promise.resolve(),
  clientRefused: () => Promise.resolve(),
  restored: () => Promise.resolve(),
};

let test: TestDatabase;
let store: CredentialStore;
let bench: Awaited<ReturnType<typeof startQuickbooksBench>>;
beforeAll(async () => {
  test = await testDatabase();
  store = createCredentialStore(test.database);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.deleteFrom("credential").execute();
  // Of its own for each: a scripted fault that nobody asked for would wait for the next.
  bench = await startQuickbooksBench();
  return () => bench.close();
});

const key = () => ({ system: "quickbooks", clientId: "simulator-client", subject: bench.realm }) as const;
const consent = async () => storeGrant(key(), await bench.grant(), { store, seal, clock, way: "authorization-code" });
const stateNow = async () => credentialState(await store.read(key()));

/** A 401 of the API: whoever hears of it asks for a newer token. */
async function ask(): Promise<void> {
  const tokens = createTokenSource({ ...key(), store, seal, grants: bench.grants, alarm: quiet, clock });
  const sealed = await store.read(key());
  const refused =
    sealed && (JSON.parse(await seal.open(sealed.sealed, binding())) as { accessToken: string }).accessToken;
  await tokens.refreshAfterRefusal(bench.realm, refused ?? "none").catch((failure: unknown) => {
    if (!(failure instanceof RemoteFailure)) throw failure;
  });
}
const binding = () => ({ table: "credential", row: `quickbooks:simulator-client:${bench.realm}`, field: "tokens" });
const fault = (of: object) => bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 1, ...of });

const enter: Record<CredentialState, () => Promise<void>> = {
  absent: () => Promise.resolve(),
  valid: consent,
  /** A process died after it had noted that it would ask. */
  async asking() {
    await consent();
    await store.noteAttempt(key());
  },
  async refused() {
    await consent();
    await fault({ status: 400, body: { error: "invalid_grant" } });
    await ask();
  },
};

/** What happens, and the events that it consists of. */
const happen: Record<CredentialEvent, { act: () => Promise<void>; of: (state: CredentialState) => CredentialEvent[] }> =
  {
    consented: { act: consent, of: () => ["consented"] },
    attempted: { act: async () => void (await store.noteAttempt(key())), of: () => ["attempted"] },
    answered: { act: ask, of: () => ["attempted", "answered"] },
    unanswered: {
      act: () => fault({ times: 2, status: 503, afterEffect: false }).then(ask),
      of: () => ["attempted", "unanswered"],
    },
    "put-off": {
      act: () => fault({ status: 429 }).then(ask),
      // What a dead process asked for was never answered: that stays known.
      of: (state) => ["attempted", state === "asking" ? "unanswered" : "put-off"],
    },
    "grant-refused": {
      act: () => fault({ status: 400, body: { error: "invalid_grant" } }).then(ask),
      of: () => ["attempted", "grant-refused"],
    },
    rescued: {
      async act() {
        const row = await store.read(key());
        if (row) expect(await store.rescue(key(), row.sealed, row)).toBe(true);
      },
      of: () => ["rescued"],
    },
    removed: { act: () => store.remove(key()), of: () => ["removed"] },
  };

describe("a credential", () => {
  it.each(cells)("follows the table: $state, $event", async ({ state, event }) => {
    await enter[state]();
    expect(await stateNow()).toBe(state);
    const { act, of } = happen[event];
    await act();
    const end = of(state).reduce<CredentialState>((from, each) => credentialTransitions[from][each] ?? from, state);
    expect(await stateNow()).toBe(end);
  });

  it("is seen as asking by everybody while the endpoint is asked", async () => {
    await consent();
    const { id } = await bench.control.post("gates", { operation: "oauth.refresh", nth: 1, at: "before-effect" });
    const asked = ask();
    await eventually(async () => (await bench.control.get(`gates/${String(id)}`))["state"] === "holding");
    expect(await stateNow()).toBe("asking");
    await bench.control.post(`gates/${String(id)}/release`, {});
    await asked;
    expect(await stateNow()).toBe("valid");
  });

  it("has in SPEC.md the table that the program has", () => {
    const spec = readFileSync(
      fileURLToPath(new URL("../../src/connections/credentials/SPEC.md", import.meta.url)),
      "utf8",
    );
    const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    expect(spec).toContain(row(["state \\ event", ...events]));
    for (const state of states)
      expect(spec).toContain(row([state, ...events.map((event) => credentialTransitions[state][event] ?? "-")]));
  });
});
