import { reviewQueue } from "@ml-connector/contract";
import { type Command, Option } from "commander";
import { type ParkReason, partyKeyText } from "../../domain/index.ts";
import { candidateViews } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { layoutOf, parkReasons, reviewText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { answerAll, joinParty, undoAll } from "./review-answers.ts";
import { linkParty } from "./review-link.ts";
import { registerReviewMany } from "./review-many.ts";
import { registerReviewRules } from "./review-rules.ts";

interface ListOptions extends SharedOptions {
  reason?: ParkReason;
  limit: number;
}

export function registerReview(program: Command, session: Session): void {
  const review = program.command("review").description("customers and vendors that wait for a person's answer");
  review
    .command("list")
    .description("who waits, for what, and the organizations that come into question")
    .addOption(new Option("--reason <reason>", "only those parked for this reason").choices(parkReasons))
    .option("--limit <rows>", "how many at most", wholeNumber({ from: 1, to: 10_000 }), 50)
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: ListOptions) => session.withApplication((application) => list(session, application, options)));
  withShared(review.command("link"))
    .description("this customer or vendor is that organization")
    .argument("<party>", partyHelp)
    .argument("<organization>", "the number of a candidate in `review list`, an organization's id, or its exact name")
    .option("--yes", "also where the organization shows another customer or vendor already")
    .action((party: string, organization: string, options: SharedOptions & { yes?: true }) =>
      session.withApplication((application) => linkParty(session, application, { party, organization }, options)),
    );
  withShared(review.command("join"))
    .description("show it on the card of another customer or vendor")
    .argument("<party>", partyHelp)
    .argument("<other>", partyHelp)
    .action((party: string, other: string, options: SharedOptions) =>
      session.withApplication((application) => joinParty(session, application, { party, other }, options)),
    );
  withShared(review.command("create"))
    .description("give each of them an organization of its own")
    .argument("<party...>", partyHelp)
    .action((parties: string[], options: SharedOptions) =>
      session.withApplication((application) => answerAll(session, application, parties, { kind: "create" }, options)),
    );
  withShared(review.command("ignore"))
    .description("leave them out of Zendesk; what was written for them before is cleared")
    .argument("<party...>", partyHelp)
    .action((parties: string[], options: SharedOptions) =>
      session.withApplication((application) => answerAll(session, application, parties, { kind: "ignore" }, options)),
    );
  withShared(review.command("undo"))
    .description("take answers back; they are decided anew")
    .argument("<party...>", partyHelp)
    .action((parties: string[], options: SharedOptions) =>
      session.withApplication((application) => undoAll(session, application, parties, options)),
    );
  registerReviewMany(review, session);
  registerReviewRules(review, session);
}

function withShared(command: Command): Command {
  return command.addOption(connectionOption()).addOption(jsonOption());
}

async function list(session: Session, application: Application, options: ListOptions): Promise<void> {
  const { terminal } = session;
  const { id } = await chooseConnection(application.connections, options.connection);
  const { reason, limit } = options;
  // Hundreds may wait for what becomes of one organization: that is one question, shown once.
  const filter = reason === undefined ? { except: "container" } : { reason };
  const rows = await application.links.parked(id, { ...filter, limit: limit + 1 });
  const containers = reason === undefined ? await application.review.containerQuestions(id, limit) : [];
  const parked = rows.slice(0, limit).map(({ party, displayName, disposition, since }) => ({
    party: partyKeyText(party),
    displayName,
    reason: disposition.reason,
    says: disposition.says,
    since: since.toISOString(),
    candidates: candidateViews(disposition.candidates),
  }));
  const queue = {
    connectionId: id,
    parked,
    more: rows.length > limit,
    containers: containers.map((container) => ({
      ...container,
      examples: container.examples.map((one) => ({ ...one, party: partyKeyText(one.party) })),
    })),
  };
  terminal.report(reviewQueue, queue, (result) => reviewText(result, session.now(), layoutOf(terminal)));
}
