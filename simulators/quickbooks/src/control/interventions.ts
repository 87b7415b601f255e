import type { Mutation } from "../writes/index.ts";

/*
 * What a test lays in the way of calls. Each waits for the n-th call of an operation from now on.
 *
 *   gate: armed -> holding -> released          fault: fires for `times` calls, then gone          edit: fires once
 */

export interface CallMatch {
  readonly operation: string;
  readonly entity?: string | undefined;
}

export interface MetCall extends CallMatch {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

type GatePoint = "before-effect" | "after-effect";

export interface Gate {
  readonly id: string;
  readonly match: CallMatch;
  readonly at: GatePoint;
  state: "armed" | "holding" | "released";
  request: MetCall | undefined;
}

export interface ScriptedFault {
  readonly status: number;
  readonly afterEffect: boolean;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ScriptedEdit {
  readonly mutations: readonly { realm: string | undefined; silent: boolean; mutation: Mutation }[];
}

/** What lies in the way of one call. */
export interface Encounter {
  readonly fault: ScriptedFault | undefined;
  readonly editsBefore: readonly ScriptedEdit[];
  readonly editsAfter: readonly ScriptedEdit[];
  /** Waits at the gates of one point; true when the call is to be dropped without an answer. */
  hold(at: GatePoint): Promise<boolean>;
}

interface Counted {
  readonly match: CallMatch;
  /** Calls still to pass before it fires. */
  skip: number;
  times: number;
}

interface HeldGate extends Gate {
  skip: number;
  readonly opened: PromiseWithResolvers<boolean>;
  readonly reached: PromiseWithResolvers<void>;
}

export interface Interventions {
  addGate(match: CallMatch, nth: number, at: GatePoint): Gate;
  gate(id: string): Gate | undefined;
  /** Resolves when the gate holds a call or `waitMs` have passed. */
  waitForGate(id: string, waitMs: number): Promise<void>;
  release(id: string, drop: boolean): boolean;
  addFault(match: CallMatch, nth: number, times: number, fault: ScriptedFault): void;
  addEdit(match: CallMatch, nth: number, at: GatePoint, edit: ScriptedEdit): void;
  meet(call: MetCall): Encounter;
  /** Opens every gate and forgets the rest, at the end of the server. */
  clear(): void;
}

export function createInterventions(): Interventions {
  const gates = new Map<string, HeldGate>();
  let faults: (Counted & { fault: ScriptedFault })[] = [];
  let edits: (Counted & { at: GatePoint; edit: ScriptedEdit })[] = [];
  let nextGate = 1;

  return {
    addGate(match, nth, at) {
      const gate: HeldGate = {
        id: String(nextGate),
        match,
        at,
        state: "armed",
        request: undefined,
        skip: nth - 1,
        opened: Promise.withResolvers(),
        reached: Promise.withResolvers(),
      };
      nextGate += 1;
      gates.set(gate.id, gate);
      return gate;
    },
    gate: (id) => gates.get(id),
    async waitForGate(id, waitMs) {
      const gate = gates.get(id);
      if (gate === undefined || gate.state !== "armed") return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([gate.reached.promise, late]);
      clearTimeout(timer);
    },
    release(id, drop) {
      const gate = gates.get(id);
      if (gate === undefined) return false;
      gate.state = "released";
      gate.opened.resolve(drop);
      gate.reached.resolve();
      return true;
    },
    addFault: (match, nth, times, fault) => void faults.push({ match, skip: nth - 1, times, fault }),
    addEdit: (match, nth, at, edit) => void edits.push({ match, skip: nth - 1, times: 1, at, edit }),
    meet(call) {
      const met = [...gates.values()].filter(
        (gate) => gate.state === "armed" && passes(gate.match, call) && counts(gate),
      );
      for (const gate of met) gate.request = call;
      // Every fault that waits for this operation counts the call, also when another one answers it.
      let fired: ScriptedFault | undefined;
      for (const one of faults) if (passes(one.match, call) && fires(one)) fired ??= one.fault;
      faults = faults.filter((one) => one.times > 0);
      const dueEdits = edits.filter((one) => passes(one.match, call) && fires(one));
      edits = edits.filter((one) => one.times > 0);
      return {
        fault: fired,
        editsBefore: dueEdits.filter((one) => one.at === "before-effect").map((one) => one.edit),
        editsAfter: dueEdits.filter((one) => one.at === "after-effect").map((one) => one.edit),
        async hold(at) {
          let drop = false;
          for (const gate of met.filter((one) => one.at === at && one.state === "armed")) {
            gate.state = "holding";
            gate.reached.resolve();
            drop = (await gate.opened.promise) || drop;
          }
          return drop;
        },
      };
    },
    clear() {
      for (const gate of gates.values()) {
        gate.state = "released";
        gate.opened.resolve(true);
        gate.reached.resolve();
      }
      faults = [];
      edits = [];
    },
  };
}

function passes(match: CallMatch, call: MetCall): boolean {
  if (match.operation !== call.operation) return false;
  return match.entity === undefined || match.entity.toLowerCase() === call.entity?.toLowerCase();
}

function counts(gate: HeldGate): boolean {
  if (gate.skip > 0) {
    gate.skip -= 1;
    return false;
  }
  return gate.request === undefined;
}

function fires(one: Counted): boolean {
  if (one.skip > 0) {
    one.skip -= 1;
    return false;
  }
  if (one.times === 0) return false;
  one.times -= 1;
  return true;
}
