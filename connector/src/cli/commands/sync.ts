import { dryRunResult, type SyncResult, syncResult } from "@ml-connector/contract";
import { type Command, Option } from "commander";
import { type PartyKey, parsePartyKey, partyKeyText } from "../../domain/index.ts";
import { countEffects, effectViews, findParty, isPartyKey, knownParties, newestRow } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions, timeoutOption } from "../arguments.ts";
import { chooseConnection, type PairedConnection, requireWorking } from "../choose-connection.ts";
import { syncText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { settleWithProgress } from "../settle-with-progress.ts";
import { planWithNames } from "./approve-and-load.ts";

interface SyncOptions extends SharedOptions {
  dryRun?: true;
  full?: true;
  party?: string;
  timeout: number;
}

export function registerSync(program: Command, session: Session): void {
  program
    .command("sync")
    .description("read what changed in QuickBooks now and write it to Zendesk")
    .addOption(new Option("--dry-run", "show what would be written, and write nothing").conflicts(["party", "full"]))
    .addOption(new Option("--party <party>", `only this one: ${partyHelp}`).conflicts("full"))
    .option("--full", "read the whole company again, not only what changed")
    .addOption(timeoutOption())
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SyncOptions) =>
      session.withApplication(async (application) => {
        const connection = await chooseConnection(application.connections, options.connection);
        if (options.dryRun) await dryRun(session, application, connection);
        else await sync(session, application, connection, options);
      }),
    );
}

async function dryRun({ terminal }: Session, application: Application, { id }: PairedConnection): Promise<void> {
  const { counts, effects } = await application.dryRun(id);
  const result = { dryRun: true as const, connectionId: id, counts, effects: effectViews(effects) };
  const drawn = terminal.json ? "" : await planWithNames(terminal, application, id, result);
  terminal.report(dryRunResult, result, () => `${drawn}\n\nA dry run: nothing was written.`);
}

async function sync(
  { terminal, who }: Session,
  application: Application,
  connection: PairedConnection,
  options: SyncOptions,
): Promise<void> {
  requireWorking(connection);
  const { id } = connection;
  const party = options.party === undefined ? undefined : await partyToRead(application, connection, options.party);
  const row = await newestRow(application.journal, id);
  if (party) await application.requestMark(id, [party], who, "sync");
  else if (options.full) await application.requestSweep(id, who);
  else await application.requestPoll(id, who);
  const stillDue = await settleWithProgress(terminal, application, id, options.timeout * 1000);
  const result: SyncResult = {
    connectionId: id,
    read: party ? "party" : options.full ? "full" : "changes",
    party: party ? partyKeyText(party) : null,
    settled: stillDue === 0,
    stillDue,
    effects: await countEffects(application.journal, id, { row, party: await shownOn(application, connection, party) }),
  };
  if (!result.settled) terminal.endWith(1);
  terminal.report(syncResult, result, syncText);
}

/** A key may name a party that was never read: reading it is what the command is for. */
async function partyToRead(application: Application, { id }: PairedConnection, text: string): Promise<PartyKey> {
  return isPartyKey(text) ? parsePartyKey(text) : (await findParty(application, id, text)).party;
}

/** The journal speaks of the top of a family. */
async function shownOn(
  application: Application,
  { id }: PairedConnection,
  party: PartyKey | undefined,
): Promise<PartyKey | undefined> {
  if (!party) return undefined;
  const [known] = await knownParties(application, id, [party]);
  return known?.family.top ?? party;
}
