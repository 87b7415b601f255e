import type { JsonObject } from "../records/input.ts";

export type Moment = "before-effect" | "after-effect";

export interface GatedRequest {
  method: string;
  path: string;
  query: string;
  body: unknown;
}

// armed --(n-th call arrives at its moment)--> holding --(release)--> released
export interface Gate {
  id: string;
  operation: string;
  at: Moment;
  state: "armed" | "holding" | "released";
  request?: GatedRequest;
}

interface LiveGate extends Gate {
  left: number;
  waiters: (() => void)[];
  release: (drop: boolean) => void;
  released: Promise<boolean>;
}

export interface Edit {
  operation: string;
  at: Moment;
  left: number;
  mutate: JsonObject;
}

export interface Fault {
  operation: string;
  left: number;
  times: number;
  status: number;
  afterEffect: boolean;
  body: unknown;
  headers: Record<string, string>;
  /** Cut the connection instead of answering. */
  drop: boolean;
  delayMs: number;
}

/**
 * What tests have planned for calls to come: gates that hold the n-th call, edits made beside it, faults in its place.
 * `*` stands for every operation. A call is counted when it is about to take effect, so refused calls do not count.
 */
export class Script {
  readonly #gates = new Map<string, LiveGate>();
  readonly #edits: Edit[] = [];
  readonly #faults: Fault[] = [];
  #nextId = 0;

  addGate(operation: string, nth: number, at: Moment): Gate {
    this.#nextId += 1;
    let release: (drop: boolean) => void = () => undefined;
    const released = new Promise<boolean>((resolve) => {
      release = resolve;
    });
    const gate: LiveGate = {
      id: `gate-${this.#nextId}`,
      operation,
      at,
      state: "armed",
      left: nth,
      waiters: [],
      release,
      released,
    };
    this.#gates.set(gate.id, gate);
    return shown(gate);
  }

  gate(id: string): Gate | undefined {
    const gate = this.#gates.get(id);
    return gate && shown(gate);
  }

  /** Resolves when the gate holds a call or is released, or when the time is over. */
  async waitForGate(id: string, waitMs: number): Promise<Gate | undefined> {
    const gate = this.#gates.get(id);
    if (gate && gate.state === "armed" && waitMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        gate.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.gate(id);
  }

  releaseGate(id: string, drop: boolean): Gate | undefined {
    const gate = this.#gates.get(id);
    if (!gate) return undefined;
    gate.state = "released";
    gate.release(drop);
    wake(gate);
    return shown(gate);
  }

  releaseAll(): void {
    for (const gate of this.#gates.values()) if (gate.state !== "released") this.releaseGate(gate.id, true);
  }

  addEdit(edit: Edit): void {
    this.#edits.push(edit);
  }

  addFault(fault: Fault): void {
    this.#faults.push(fault);
  }

  clear(): void {
    this.releaseAll();
    this.#gates.clear();
    this.#edits.length = 0;
    this.#faults.length = 0;
  }

  /** Counts a call that is about to take effect, and tells what is planned for it. */
  begin(operation: string): PlannedCall {
    const isMeant = (planned: { operation: string }): boolean =>
      planned.operation === operation || planned.operation === "*";
    const gates: LiveGate[] = [];
    for (const gate of this.#gates.values()) {
      if (gate.state !== "armed" || gate.left <= 0 || !isMeant(gate)) continue;
      gate.left -= 1;
      if (gate.left === 0) gates.push(gate);
    }
    const edits = takeDue(this.#edits, isMeant);
    let fault: Fault | undefined;
    for (const planned of this.#faults) {
      if (!isMeant(planned)) continue;
      planned.left -= 1;
      if (planned.left <= 0 && planned.left > -planned.times) fault ??= planned;
    }
    const stillPlanned = this.#faults.filter((planned) => planned.left > -planned.times + 1 || planned.left > 0);
    this.#faults.splice(0, this.#faults.length, ...stillPlanned);
    return { gates, edits, fault };
  }
}

export interface PlannedCall {
  gates: readonly { at: Moment }[];
  edits: readonly Edit[];
  fault: Fault | undefined;
}

/** Waits at every gate of this moment; true when the connection is to be cut. */
export async function holdAtGates(planned: PlannedCall, at: Moment, request: GatedRequest): Promise<boolean> {
  let isDropped = false;
  for (const gate of planned.gates as readonly LiveGate[]) {
    if (gate.at !== at || gate.state === "released") continue;
    gate.state = "holding";
    gate.request = request;
    wake(gate);
    isDropped = (await gate.released) || isDropped;
  }
  return isDropped;
}

function takeDue(edits: Edit[], isMeant: (edit: Edit) => boolean): Edit[] {
  const due: Edit[] = [];
  for (const edit of edits) {
    if (!isMeant(edit)) continue;
    edit.left -= 1;
    if (edit.left === 0) due.push(edit);
  }
  const left = edits.filter((edit) => edit.left > 0);
  edits.splice(0, edits.length, ...left);
  return due;
}

function wake(gate: LiveGate): void {
  for (const waiter of gate.waiters.splice(0)) waiter();
}

function shown(gate: LiveGate): Gate {
  const { id, operation, at, state, request } = gate;
  return request === undefined ? { id, operation, at, state } : { id, operation, at, state, request };
}
