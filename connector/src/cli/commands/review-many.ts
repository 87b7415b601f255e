import { batchList, batchUndone, bulkResult } from "@ml-connector/contract";
import { Argument, type Command, Option } from "commander";
import {
  OperatorError,
  type OrganizationId,
  type ParkReason,
  type PartyKind,
  parseOrganizationId,
} from "../../domain/index.ts";
import { type BulkFilter, type BulkRule, longestPattern } from "../../sync/links/index.ts";
import { batchView, bulkView, counted } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, orUsage, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { batchesText, bulkText, parkReasons } from "../output/index.ts";
import type { Session } from "../session.ts";

interface BulkOptions extends SharedOptions {
  reason?: ParkReason;
  kind?: PartyKind;
  name?: string;
  organization?: OrganizationId;
  candidates?: "none" | "one";
  sameDomain?: true;
  yes?: true;
}

const mostBatches = 100;

/** Answers by rule: shown with counts and examples first, stored as one batch, undone as one. */
export function registerReviewMany(review: Command, session: Session): void {
  review
    .command("answer")
    .description("one answer for all who wait and fit; shows whom it is for, and stores with --yes")
    .addArgument(
      new Argument("<answer>", "link: to the only candidate; create; ignore").choices(["link", "create", "ignore"]),
    )
    .addOption(new Option("--reason <reason>", "only those parked for this reason").choices(parkReasons))
    .addOption(new Option("--kind <kind>", "only these").choices(["customer", "vendor"]))
    .option("--name <pattern>", "only those named so; * stands for anything", orUsage(readPattern))
    .option("--organization <id>", "only those with this candidate", orUsage(parseOrganizationId))
    .addOption(new Option("--candidates <number>", "only those with none or with one").choices(["none", "one"]))
    .option("--same-domain", "only those whose only candidate has their e-mail domain")
    .option("--yes", "store the answers")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((answer: BulkRule["answer"], options: BulkOptions) =>
      session.withApplication((application) => answerMany(session, application, answer, options)),
    );
  review
    .command("batches")
    .description("answers that were given by a rule, newest first")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) => session.withApplication((application) => list(session, application, options)));
  review
    .command("undo-batch")
    .description("take all answers of a batch back; what stood before them stands again")
    .argument("<batch>", "its number in `review batches`", wholeNumber({ from: 1, to: Number.MAX_SAFE_INTEGER }))
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((batch: number, options: SharedOptions) =>
      session.withApplication((application) => undo(session, application, batch, options)),
    );
}

export function readPattern(text: string): string {
  const pattern = text.trim();
  if (pattern === "" || pattern.length > longestPattern)
    throw new Error(`Write a name of 1 to ${longestPattern} characters; * stands for anything.`);
  return pattern;
}

async function answerMany(
  { terminal, who }: Session,
  application: Application,
  answer: BulkRule["answer"],
  options: BulkOptions,
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  const proposal = await application.proposeAnswers(connection, { filter: filterOf(options), answer });
  const report = (batch: number | null) =>
    terminal.report(bulkResult, bulkView(connection.id, proposal, batch), (result) => bulkText(result));
  const count = proposal.answers.length;
  if (count === 0 || !(await agreed())) return report(null);
  const batch = await application.review.storeBatch(connection.id, {
    rule: proposal.rule,
    answers: proposal.answers,
    who,
  });
  if (batch === undefined)
    throw new OperatorError("Somebody answered for one of them meanwhile. Nothing was stored: look again.");
  return report(batch);

  async function agreed(): Promise<boolean> {
    if (options.yes) return true;
    if (terminal.json || !terminal.canAsk) return false;
    terminal.show(bulkText(bulkView(connection.id, proposal, null)));
    return terminal.confirm(`Store ${counted(count, "answer")}?`);
  }
}

function filterOf({ reason, kind, name, organization, candidates, sameDomain }: BulkOptions): BulkFilter {
  return {
    ...(reason ? { reason } : {}),
    ...(kind ? { kind } : {}),
    ...(name ? { name } : {}),
    ...(organization ? { organizationId: organization } : {}),
    ...(candidates ? { candidates } : {}),
    ...(sameDomain ? { sameDomain } : {}),
  };
}

async function list({ terminal, now }: Session, application: Application, options: SharedOptions): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const batches = (await application.review.batches(id, mostBatches)).map(batchView);
  terminal.report(batchList, { connectionId: id, batches }, (result) => batchesText(result, now()));
}

async function undo(
  { terminal, who }: Session,
  application: Application,
  batch: number,
  options: SharedOptions,
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const answers = await application.review.undoBatch(id, batch, who);
  if (answers === undefined)
    throw new OperatorError(`There is no batch ${batch} that stands. See: ml-connector review batches`);
  terminal.report(
    batchUndone,
    { connectionId: id, batch, answers },
    (result) =>
      `Batch ${result.batch}: ${counted(result.answers, "answer")} taken back; they are decided anew with the next pass.`,
  );
}
