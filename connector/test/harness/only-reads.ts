/** One vendor call in the request log of the QuickBooks simulator. */
export interface QuickbooksCall {
  seq: number;
  operation: string;
  requestBody?: string;
}

const reads = new Set(["read", "query", "cdc", "companyinfo", "preferences"]);

/** The calls that are more than a sign-in, a read, a query, a question for changes, or a batch of queries. */
export function callsThatMayWrite(calls: readonly QuickbooksCall[]): string[] {
  return calls
    .filter(({ operation, requestBody }) =>
      operation === "batch" ? !isBatchOfQueries(requestBody) : !operation.startsWith("oauth.") && !reads.has(operation),
    )
    .map(({ operation, requestBody }) => `${operation} ${requestBody ?? ""}`.trim());
}

function isBatchOfQueries(body: string | undefined): boolean {
  const { BatchItemRequest: items } = JSON.parse(body ?? "{}") as { BatchItemRequest?: object[] };
  return items !== undefined && items.every((item) => Object.keys(item).sort().join(" ") === "Query bId");
}
