import { type Company, copyCompany } from "../company/index.ts";

/** A company as it was a little earlier: what queries and change data capture see when changes become visible late. */
export interface LaggingView {
  /** The company as it was `lagMs` before now, given what has changed meanwhile. */
  at(nowMs: number): Company;
  changed(nowMs: number): void;
}

interface Seen {
  readonly dueMs: number;
  readonly company: Company;
}

/** Keeps a copy per change until it is due; rows are shared, so a copy costs its maps only. Meant for tests of small companies. */
export function createLaggingView(company: Company, lagMs: number): LaggingView {
  let seen: Seen[] = [{ dueMs: 0, company: copyCompany(company) }];
  return {
    at(nowMs) {
      const last = seen.findLastIndex((one) => one.dueMs <= nowMs);
      seen = seen.slice(Math.max(0, last));
      return seen[0]?.company ?? company;
    },
    changed: (nowMs) => void seen.push({ dueMs: nowMs + lagMs, company: copyCompany(company) }),
  };
}
