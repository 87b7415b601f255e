import { pacificTimeWithMs } from "../company/index.ts";
import type { Fault } from "../faults.ts";

/**
 * The body of a fault in JSON. The service layer writes `Fault.Error[].Message`; the gateway before it (401, 403, 429)
 * writes lower-case keys and an epoch time: recorded 401 of 2024-10-27 in a Go client, 403 in an Odoo add-on.
 */
export function faultJson(fault: Fault, nowMs: number): string {
  if (!fault.gateway) {
    return JSON.stringify({ Fault: { Error: fault.errors, type: fault.type }, time: pacificTimeWithMs(nowMs) });
  }
  return JSON.stringify({
    warnings: null,
    intuitObject: null,
    fault: {
      error: fault.errors.map(({ Message, Detail, code }) => ({
        message: Message,
        detail: Detail,
        code,
        element: null,
      })),
      type: fault.type,
    },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: nowMs,
    status: null,
    cdcresponse: [],
  });
}
