import {
  duplicateList,
  duplicatesDismissed,
  ignoreList,
  ignoreRuleEnded,
  ignoreRuleResult,
  severalClients,
} from "@ml-connector/contract";
import { type Command, Option } from "commander";
import {
  OperatorError,
  type OrganizationId,
  type PartyKind,
  parseOrganizationId,
  partyKeyText,
} from "../../domain/index.ts";
import type { IgnorePattern } from "../../sync/links/index.ts";
import { duplicateViews, ignoreListView, ignoreRuleView, oneLine } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, orUsage, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection, type PairedConnection } from "../choose-connection.ts";
import { duplicatesText, ignoredText, ignoreRuleText, severalClientsText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { readPattern } from "./review-many.ts";

/** What a person says once and for all: about names, about organizations of several clients, about names that look alike. */
export function registerReviewRules(review: Command, session: Session): void {
  const rows = wholeNumber({ from: 1, to: 10_000 });
  const shared = (command: Command) => command.addOption(connectionOption()).addOption(jsonOption());
  shared(review.command("ignored"))
    .description("who is left out of Zendesk, by answer and by rule")
    .option("--limit <rows>", "how many at most", rows, 50)
    .action((options: SharedOptions & { limit: number }) =>
      session.withApplication((application) => listIgnored(session, application, options)),
    );
  shared(review.command("ignore-names"))
    .description("leave out everybody named so, now and later; shows whom, and stores with --yes")
    .argument("<pattern>", "a name; * stands for anything", orUsage(readPattern))
    .addOption(new Option("--kind <kind>", "only these").choices(["customer", "vendor"]))
    .option("--yes", "store the rule")
    .action((name: string, options: SharedOptions & { kind?: PartyKind; yes?: true }) =>
      session.withApplication((application) => ignoreNames(session, application, name, options)),
    );
  shared(review.command("end-rule"))
    .description("take such a rule back; whom it left out is decided anew")
    .argument("<rule>", "its number in `review ignored`", wholeNumber({ from: 1, to: Number.MAX_SAFE_INTEGER }))
    .action((rule: number, options: SharedOptions) =>
      session.withApplication((application) => endRule(session, application, rule, options)),
    );
  shared(review.command("several-clients"))
    .description("this organization holds several clients: it is evidence for none; without one, those known")
    .argument("[organization]", "its id", orUsage(parseOrganizationId))
    .option("--undo", "it is one client's after all")
    .action((id: OrganizationId | undefined, options: SharedOptions & { undo?: true }) =>
      session.withApplication((application) => saySeveral(session, application, id, options)),
    );
  shared(review.command("duplicates"))
    .description("organizations that may be one client, the likeliest first; they block nothing")
    .option("--limit <rows>", "how many at most", rows, 50)
    .action((options: SharedOptions & { limit: number }) =>
      session.withApplication((application) => listDuplicates(session, application, options)),
    );
  shared(review.command("not-duplicates"))
    .description("these two organizations are two clients")
    .argument("<organization>", "its id", orUsage(parseOrganizationId))
    .argument("<other>", "its id", orUsage(parseOrganizationId))
    .action((one: OrganizationId, other: OrganizationId, options: SharedOptions) =>
      session.withApplication((application) => dismiss(session, application, [one, other], options)),
    );
}

async function listIgnored(
  { terminal }: Session,
  application: Application,
  options: SharedOptions & { limit: number },
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const [rules, parties] = await Promise.all([
    application.links.ignoreRules(id),
    application.review.ignored(id, options.limit + 1),
  ]);
  const result = ignoreListView(id, { rules, parties, limit: options.limit });
  terminal.report(ignoreList, result, ignoredText);
}

async function ignoreNames(
  { terminal, who }: Session,
  application: Application,
  name: string,
  { connection, kind, yes }: SharedOptions & { kind?: PartyKind; yes?: true },
): Promise<void> {
  const { id } = await chooseConnection(application.connections, connection);
  const pattern: IgnorePattern = { name, ...(kind ? { kind } : {}) };
  const affected = await application.partiesLike(id, pattern);
  const parties = affected.map(({ party }) => party);
  const linked = (await application.links.linksOf(id, parties)).length;
  const resultOf = (rule: number | null) => ignoreRuleView(id, pattern, { rule, affected, linked });
  const agreed = yes || (await asked());
  const rule = agreed ? await application.review.addIgnoreRule(id, pattern, parties, who) : null;
  terminal.report(ignoreRuleResult, resultOf(rule), ignoreRuleText);

  async function asked(): Promise<boolean> {
    if (terminal.json || !terminal.canAsk) return false;
    terminal.show(ignoreRuleText(resultOf(null)));
    return terminal.confirm(`Leave out everybody named ${oneLine(name)}?`);
  }
}

async function endRule(
  { terminal, who }: Session,
  application: Application,
  rule: number,
  options: SharedOptions,
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  if (!(await application.review.endIgnoreRule(id, rule, who)))
    throw new OperatorError(`There is no rule ${rule} that stands. See: ml-connector review ignored`);
  terminal.report(
    ignoreRuleEnded,
    { connectionId: id, rule },
    () => `Rule ${rule} has ended; whom it left out is decided anew with the next pass.`,
  );
}

async function saySeveral(
  { terminal, who }: Session,
  application: Application,
  organizationId: OrganizationId | undefined,
  options: SharedOptions & { undo?: true },
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  if (organizationId === undefined && options.undo)
    throw new OperatorError("Name the organization that is one client's after all by its id.");
  if (organizationId !== undefined)
    await sayOf(application, connection, organizationId, { who, several: !options.undo });
  const organizations = await application.review.listSeveralClients(connection.subdomain);
  terminal.report(severalClients, { connectionId: connection.id, organizations }, severalClientsText);
}

async function sayOf(
  application: Application,
  { id, subdomain }: PairedConnection,
  organizationId: OrganizationId,
  { who, several }: { who: string; several: boolean },
): Promise<void> {
  if (several && (await application.organization(subdomain, organizationId)) === undefined)
    throw new OperatorError(`${subdomain}.zendesk.com has no organization ${organizationId}.`);
  const holders = several ? await application.links.linksTo(subdomain, [organizationId]) : [];
  if (holders.length > 0)
    throw new OperatorError(
      `Organization ${organizationId} shows ${holders.map(({ party }) => partyKeyText(party)).join(", ")} already: that has to end first.`,
    );
  if (!(await application.review.sayOfSeveralClients(id, { id: organizationId, several }, who)))
    throw new OperatorError(
      several
        ? `That was said of organization ${organizationId} before.`
        : `Nobody said that organization ${organizationId} holds several clients.`,
    );
}

async function listDuplicates(
  { terminal }: Session,
  application: Application,
  options: SharedOptions & { limit: number },
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const { found, more } = await application.possibleDuplicates(id, options.limit);
  const pairs = duplicateViews(id, found);
  terminal.report(duplicateList, { connectionId: id, pairs, more }, duplicatesText);
}

async function dismiss(
  { terminal, who }: Session,
  application: Application,
  pair: readonly [OrganizationId, OrganizationId],
  options: SharedOptions,
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  if (pair[0] === pair[1]) throw new OperatorError("Name two organizations.");
  await application.review.sayNotDuplicate(id, pair, who);
  terminal.report(
    duplicatesDismissed,
    { connectionId: id, organizations: [...pair] },
    () => `Organizations ${pair[0]} and ${pair[1]} are two clients: they are not listed together any more.`,
  );
}
