import { type ConnectionId, OperatorError } from "../domain/index.ts";
import type { FitReport } from "../views/index.ts";
import type { Engine } from "./engine.ts";

/** What connecting would mean for this company and this account. Both are only read; nothing is stored. */
export async function fitOf(engine: Engine, connectionId: ConnectionId): Promise<FitReport> {
  const { stores, clients } = engine;
  const connection = await stores.connections.read(connectionId);
  const plan = await engine.dryRun(connectionId);
  if (!connection || !plan)
    throw new OperatorError(
      `Connection ${connectionId} has not been read yet, or is paused: there is nothing to report. See: ml-connector status`,
    );
  const { counts } = plan;
  const [intake, customObjects, token] = await Promise.all([
    stores.intake.connection(connectionId),
    clients.zendesk.bulk.hasCustomObjects(connection.subdomain),
    clients.zendesk.bulk.checkToken(connection.subdomain),
  ]);
  const perMinute = clients.zendesk.bulk.accountLimits(connection.subdomain)?.account?.total;
  return {
    connectionId,
    parties: counts.parties,
    link: counts.adopt + counts.rename + (counts.update - counts.adopt - counts.rename) + counts.unchanged,
    create: counts.create,
    review: counts.parked,
    reviewByReason: counts.parkedByReason,
    linkedByStep: counts.linkedByStep,
    outOfScope: counts.outOfScope,
    rolledUp: counts.rolledUp,
    members: counts.members,
    fieldsToCreate: counts.fieldsToCreate,
    calls: counts.calls,
    expectedSeconds: counts.expectedSeconds,
    requestsPerMinute: perMinute,
    gaps: [
      ...counts.conflicts,
      ...(token.scopes.length > 0 && !token.scopes.includes("write")
        ? [
            `The Zendesk consent is for reading alone: allow writing before the plan is applied (ml-connector connect ${connection.subdomain}).`,
          ]
        : []),
      ...(customObjects
        ? []
        : ["This Zendesk plan, or our user, has no custom objects: invoices and bills cannot be shown as records."]),
      ...(engine.zendeskHooks() === undefined
        ? ["Zendesk cannot reach this machine: what people change there is followed once an hour, not at once."]
        : []),
      ...(intake?.refusedEntities ?? []).map(
        (entity) => `This edition of QuickBooks has no ${entity} records: they count nowhere.`,
      ),
    ],
  };
}
