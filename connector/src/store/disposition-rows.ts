// Where a party stands, as rows: what of it is asked for stands in columns, the rest in `detail`.
import { assertNever, type Candidate, type Disposition, type JsonObject, type PartyKey } from "../domain/index.ts";

interface DispositionColumns {
  state: Disposition["kind"];
  reason: Extract<Disposition, { kind: "parked" }>["reason"] | null;
  detail: string;
  waits_for: string[];
}

export function dispositionColumns(disposition: Disposition): DispositionColumns {
  const plain = { state: disposition.kind, reason: null, waits_for: [] };
  switch (disposition.kind) {
    case "linked":
      return {
        ...plain,
        detail: JSON.stringify({ organizationId: disposition.organizationId, step: disposition.step }),
      };
    case "rolled-up":
      return { ...plain, detail: JSON.stringify({ into: disposition.into }) };
    case "parked":
      return {
        ...plain,
        reason: disposition.reason,
        detail: JSON.stringify({ says: disposition.says, candidates: disposition.candidates }),
        waits_for: disposition.waitsFor,
      };
    case "ignored":
      return { ...plain, detail: JSON.stringify({ by: disposition.by }) };
    case "out-of-scope":
      return {
        ...plain,
        detail: JSON.stringify(disposition.because === undefined ? {} : { because: disposition.because }),
      };
    default:
      return assertNever(disposition);
  }
}

export interface DispositionRow {
  state: Disposition["kind"];
  reason: DispositionColumns["reason"];
  detail: JsonObject;
  waits_for: string[];
}

export function dispositionFrom(row: DispositionRow): Disposition {
  // `detail` is what dispositionColumns wrote for the same state.
  switch (row.state) {
    case "linked":
      return {
        kind: "linked",
        ...(row.detail as unknown as Pick<Extract<Disposition, { kind: "linked" }>, "organizationId" | "step">),
      };
    case "rolled-up":
      return { kind: "rolled-up", into: row.detail["into"] as unknown as PartyKey };
    case "parked":
      return {
        kind: "parked",
        reason: row.reason ?? "failed",
        says: row.detail["says"] as string,
        candidates: (row.detail["candidates"] ?? []) as unknown as Candidate[],
        waitsFor: row.waits_for,
      };
    case "ignored":
      return { kind: "ignored", by: row.detail["by"] as string };
    case "out-of-scope":
      return { kind: "out-of-scope", ...(row.detail["because"] === "project" ? { because: "project" as const } : {}) };
    default:
      return assertNever(row.state);
  }
}
