import { type ReplayResult, replayResult } from "@ml-connector/contract";
import { type Command, Option } from "commander";
import { type ConnectionId, type ParkReason, type PartyKey, partyKeyText } from "../../domain/index.ts";
import { countEffects, findParty, newestRow } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions, timeoutOption } from "../arguments.ts";
import { chooseConnection, requireWorking } from "../choose-connection.ts";
import { parkReasons, replayText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { settleWithProgress } from "../settle-with-progress.ts";

interface ReplayOptions extends SharedOptions {
  /** True: whatever the reason. */
  parked?: true | ParkReason;
  all?: true;
  timeout: number;
}

/** Parked parties that one replay takes; a company with more parked ones has another problem first. */
const mostParked = 50_000;

export function registerReplay(program: Command, session: Session): void {
  program
    .command("replay")
    .description("look at customers and vendors again from their newest state; what is right already costs no write")
    .argument("[party]", partyHelp)
    .addOption(
      new Option("--parked [reason]", "all that are parked, or those of one reason")
        .choices(parkReasons)
        .conflicts("all"),
    )
    .option("--all", "every card")
    .addOption(timeoutOption())
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action(async (party: string | undefined, options: ReplayOptions, command: Command) => {
      const named = [party !== undefined, options.parked !== undefined, options.all === true].filter(Boolean).length;
      if (named !== 1) command.error("error: write one of: a party, --parked, --all");
      await session.withApplication((application) => replay(session, application, party, options));
    });
}

async function replay(
  { terminal, who }: Session,
  application: Application,
  text: string | undefined,
  options: ReplayOptions,
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  requireWorking(connection);
  const { id } = connection;
  const { replayed, marked, shownOn } = await whatToReplay(application, id, text, options);
  const row = await newestRow(application.journal, id);
  // Also where no party is parked: records that QuickBooks did not hand out are asked for again.
  await application.requestMark(id, marked, who, "replay");
  const stillDue = await settleWithProgress(terminal, application, id, options.timeout * 1000);
  const effects = await countEffects(application.journal, id, { row, party: shownOn });
  const stillParked = await countParked(application, id, marked);
  const untouched = Object.values(effects).every((count) => count === 0);
  if (stillDue > 0) terminal.endWith(1);
  terminal.report(
    replayResult,
    {
      connectionId: id,
      replayed,
      healed: untouched && stillParked === 0 && stillDue === 0,
      stillParked,
      settled: stillDue === 0,
      stillDue,
      effects,
    },
    replayText,
  );
}

interface Replayed {
  replayed: ReplayResult["replayed"];
  marked: PartyKey[] | "everyone";
  /** One party: the top of its family, of which the journal speaks. */
  shownOn: PartyKey | undefined;
}

async function whatToReplay(
  application: Application,
  connectionId: ConnectionId,
  text: string | undefined,
  { parked }: ReplayOptions,
): Promise<Replayed> {
  if (text !== undefined) {
    const { party, family } = await findParty(application, connectionId, text);
    return { replayed: { what: "party", party: partyKeyText(party) }, marked: [party], shownOn: family.top };
  }
  if (parked === undefined) return { replayed: { what: "all" }, marked: "everyone", shownOn: undefined };
  const reason = parked === true ? undefined : parked;
  const rows = await application.links.parked(connectionId, { ...(reason ? { reason } : {}), limit: mostParked });
  const marked = rows.map(({ party }) => party);
  return {
    replayed: { what: "parked", reason: reason ?? null, parties: marked.map(partyKeyText) },
    marked,
    shownOn: undefined,
  };
}

async function countParked(
  application: Application,
  connectionId: ConnectionId,
  marked: readonly PartyKey[] | "everyone",
): Promise<number> {
  if (marked === "everyone") {
    const counts = await application.links.countDispositions(connectionId);
    return counts.reduce((sum, { state, count }) => sum + (state === "parked" ? count : 0), 0);
  }
  const standings = await application.links.dispositionsOf(connectionId, marked);
  return [...standings.values()].filter(({ kind }) => kind === "parked").length;
}
