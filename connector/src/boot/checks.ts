// How things that are looked at are told.
import type { Check } from "@ml-connector/contract";
import { OperatorError, RemoteFailure } from "../domain/index.ts";

export interface CheckGroup {
  ok(name: string, says: string): Check;
  warning(name: string, says: string, todo: string): Check;
  failed(name: string, says: string, todo: string): Check;
}

export function checksOf(group: string): CheckGroup {
  return {
    ok: (name, says) => ({ group, name, state: "ok", says, todo: null }),
    warning: (name, says, todo) => ({ group, name, state: "warning", says, todo }),
    failed: (name, says, todo) => ({ group, name, state: "failed", says, todo }),
  };
}

/** Asks, and tells a remote failure as what it is; any other fault is thrown. */
export async function attempt(
  name: string,
  of: CheckGroup,
  todo: string,
  ask: () => Promise<Check | Check[]>,
): Promise<Check[]> {
  try {
    return [await ask()].flat();
  } catch (fault) {
    if (fault instanceof RemoteFailure || fault instanceof OperatorError)
      return [of.failed(name, fault instanceof RemoteFailure ? fault.says : fault.message, todo)];
    throw fault;
  }
}

/** What to do, failures first, each once. */
export function todoOf(checks: readonly Check[]): string[] {
  const of = (state: Check["state"]) => checks.flatMap((check) => (check.state === state ? (check.todo ?? []) : []));
  return [...new Set([...of("failed"), ...of("warning")])];
}
