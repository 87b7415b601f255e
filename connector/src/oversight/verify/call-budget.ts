import type { System } from "../../domain/index.ts";

/** The calls that one comparison may make: whoever wants to ask takes them first, and asks nothing where there are none left. */
export class CallBudget {
  readonly limit: number;
  readonly spent: Record<System, number> = { quickbooks: 0, zendesk: 0 };
  #kept = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get left(): number {
    return Math.max(0, this.limit - this.#kept - this.spent.quickbooks - this.spent.zendesk);
  }

  /** Keeps so many calls back for a later part. */
  keep(calls: number): void {
    this.#kept = Math.min(calls, this.limit);
  }

  take(system: System, calls: number): boolean {
    if (calls > this.left) return false;
    this.spent[system] += calls;
    return true;
  }
}
