import { accessAudit, auditResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { type OrganizationId, parseOrganizationId, parsePartyKey, partyKeyText } from "../../domain/index.ts";
import { accessRow, auditRow, findParty, isPartyKey, knownZone } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, orUsage, partyHelp, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { accessAuditText, auditText, layoutOf } from "../output/index.ts";
import type { Session } from "../session.ts";

interface AuditOptions extends SharedOptions {
  party?: string;
  organization?: OrganizationId;
  limit: number;
  before?: number;
  access?: true;
}

export function registerAudit(program: Command, session: Session): void {
  program
    .command("audit")
    .description("every change of state, newest first: cause, before, after, outcome, request ids")
    .option("--party <party>", `only of this one: ${partyHelp}`)
    .option("--organization <id>", "only of this Zendesk organization", orUsage(parseOrganizationId))
    .option("--limit <rows>", "how many rows", wholeNumber({ from: 1, to: 1000 }), 50)
    .option("--before <row>", "only rows older than this one", wholeNumber({ from: 1, to: Number.MAX_SAFE_INTEGER }))
    .option("--access", "who may do what instead: operators, roles and API keys, of the whole deployment")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: AuditOptions) =>
      session.withApplication((application) =>
        options.access === true ? auditOfAccess(session, application, options) : audit(session, application, options),
      ),
    );
}

async function audit({ terminal }: Session, application: Application, options: AuditOptions): Promise<void> {
  const { id, zone } = await chooseConnection(application.connections, options.connection);
  const rows = await application.journal.search({
    connectionId: id,
    ...(options.party === undefined ? {} : { party: await partyText(application, id, options.party) }),
    ...(options.organization === undefined ? {} : { organizationId: options.organization }),
    ...(options.before === undefined ? {} : { before: options.before }),
    limit: options.limit,
  });
  const before = rows.length < options.limit ? null : (rows.at(-1)?.id ?? null);
  terminal.report(auditResult, { connectionId: id, rows: rows.map(auditRow), before }, (result) =>
    auditText(result, { titles: application.fieldTitles, zone: knownZone(zone) }, layoutOf(terminal)),
  );
}

async function auditOfAccess(
  { terminal }: Session,
  { access }: Application,
  { limit, before }: AuditOptions,
): Promise<void> {
  const rows = await access.accessJournal.search({ before, limit });
  const older = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
  terminal.report(accessAudit, { rows: rows.map(accessRow), before: older }, (result) =>
    accessAuditText(result, layoutOf(terminal)),
  );
}

/** The journal remembers parties that QuickBooks has no more: a key is taken as it is. */
async function partyText(
  application: Application,
  connectionId: Parameters<typeof findParty>[1],
  text: string,
): Promise<string> {
  return partyKeyText(
    isPartyKey(text) ? parsePartyKey(text) : (await findParty(application, connectionId, text)).party,
  );
}
