import type { System } from "../../domain/index.ts";
import type { IncidentStore } from "./ports.ts";

const windowMs = 10 * 60_000;
const enough = 5;

/**
 * Deliveries that carry a signature which fits no verifier of ours: a verifier that was changed in a portal and not here, or somebody who
 * tries. One alone is noise of the network. Those without any signature are not counted: every scanner sends such.
 */
export function createSignatureGauge(
  incidents: Pick<IncidentStore, "note">,
  monotonicMs: () => number,
): (system: System) => Promise<void> {
  const refused = new Map<System, number[]>();
  return async (system) => {
    const now = monotonicMs();
    const recent = [...(refused.get(system) ?? []), now].filter((at) => now - at < windowMs).slice(-enough);
    refused.set(system, recent);
    if (recent.length < enough) return;
    const where =
      system === "quickbooks"
        ? "Compare QUICKBOOKS_WEBHOOK_VERIFIER with the verifier token in the Intuit developer portal."
        : "Somebody sends to an address of ours that only Zendesk knows, or the webhook's secret was reset in Zendesk.";
    refused.set(system, []);
    await incidents.note({
      cause: `webhook-signatures:${system}`,
      says: `Webhook deliveries whose signature is not right were refused. ${where}`,
      affected: enough,
    });
  };
}
