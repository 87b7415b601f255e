import type { ConnectionId } from "../../domain/index.ts";
import type { IncidentStore } from "../../oversight/incidents/ports.ts";
import type { PollOutcome } from "./poll-changes.ts";
import { type IntakeStore, silentWebhooks } from "./ports.ts";

/**
 * Webhooks that stop coming are no error anywhere: they only leave changes to the poll. One poll that finds what none announced may have
 * overtaken its webhook; two intervals later it has not.
 */
export async function noteSilence(
  ports: { intake: Pick<IntakeStore, "isSilent">; incidents: Pick<IncidentStore, "note"> },
  connectionId: ConnectionId,
  outcome: PollOutcome,
): Promise<void> {
  if (outcome.kind !== "polled" || outcome.changed === 0) return;
  if (!(await ports.intake.isSilent(connectionId))) return;
  await ports.incidents.note({
    cause: silentWebhooks,
    says: "QuickBooks' webhooks do not arrive: changes reach Zendesk only by the change poll. Check the webhook's address and verifier in the Intuit developer portal, and that Intuit can reach this service.",
    connectionId,
  });
}
