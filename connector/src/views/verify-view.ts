import type { VerifyResult } from "@ml-connector/contract";
import type { ConnectionId } from "../domain/index.ts";
import type { VerifyReport } from "../oversight/verify/index.ts";

const listedAtMost = 1_000;

export function verifyView(connectionId: ConnectionId, report: VerifyReport): VerifyResult {
  const { calls, records, cards, notCompared, differences, marked } = report;
  const byReason: VerifyResult["byReason"] = {};
  for (const { reason } of differences) byReason[reason] = (byReason[reason] ?? 0) + 1;
  return {
    connectionId,
    calls,
    records,
    cards,
    byReason,
    notCompared,
    differences: differences.slice(0, listedAtMost).map((difference) => ({
      ...difference,
      record: difference.record ?? null,
      organizationId: difference.organizationId ?? null,
      name: difference.name ?? null,
    })),
    more: Math.max(0, differences.length - listedAtMost),
    marked,
  };
}
