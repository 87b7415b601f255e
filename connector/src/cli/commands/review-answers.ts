import { type AnswerView, answerResult } from "@ml-connector/contract";
import { type Answer, OperatorError, type PartyKey, partyKeyText } from "../../domain/index.ts";
import { findParty, type KnownParty, oneLine } from "../../views/index.ts";
import type { Application } from "../application.ts";
import type { SharedOptions } from "../arguments.ts";
import { chooseConnection, type PairedConnection } from "../choose-connection.ts";
import { answersText } from "../output/index.ts";
import type { Session } from "../session.ts";

type Who = Pick<Session, "terminal" | "who">;

/** One and the same answer for each of them. All are looked up before the first answer is stored: a misspelt one answers nothing. */
export async function answerAll(
  session: Who,
  application: Application,
  texts: readonly string[],
  answer: Extract<Answer, { kind: "create" | "ignore" }>,
  options: SharedOptions,
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  const parties = await findAll(application, connection, texts);
  for (const { party } of parties) await application.links.storeAnswer(connection.id, party, answer, session.who);
  reportAnswers(
    session,
    connection,
    parties.map((known) => answered(connection, known, answer)),
  );
}

export async function joinParty(
  session: Who,
  application: Application,
  texts: { party: string; other: string },
  options: SharedOptions,
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  const known = await findAnswerable(application, connection, texts.party);
  const other = await findAnswerable(application, connection, texts.other);
  const [from, to] = [partyKeyText(known.party), partyKeyText(other.party)];
  if (from === to) throw new OperatorError(`${from} cannot join itself: name another customer or vendor.`);
  const otherAnswers = await application.links.answersOf(connection.id, [other.party]);
  if (otherAnswers.some(({ answer }) => answer.kind === "join" && partyKeyText(answer.with) === from))
    throw new OperatorError(`${to} joins ${from} already. To turn that round, first: ml-connector review undo ${to}`);
  await application.links.storeAnswer(connection.id, known.party, { kind: "join", with: other.party }, session.who);
  reportAnswers(session, connection, [answered(connection, known, { kind: "join", with: to })]);
}

export async function undoAll(
  session: Who,
  application: Application,
  texts: readonly string[],
  options: SharedOptions,
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  const parties: KnownParty[] = [];
  for (const text of texts) parties.push(await findParty(application, connection.id, text));
  const keys = parties.map(({ party }) => party);
  const standing = new Set(
    (await application.links.answersOf(connection.id, keys)).map(({ party }) => partyKeyText(party)),
  );
  const without = parties.filter(({ party }) => !standing.has(partyKeyText(party)));
  if (without.length > 0)
    throw new OperatorError(`Nobody answered for ${without.map(namedParty).join(", ")}: there is nothing to undo.`);
  const answers: AnswerView[] = [];
  for (const { party, displayName } of parties) {
    const undone = await application.links.undoAnswer(connection.id, party, session.who);
    if (undone)
      answers.push({ party: partyKeyText(party), displayName, answer: null, undone: undone.kind, undo: null });
  }
  reportAnswers(session, connection, answers);
}

export function reportAnswers({ terminal }: Who, { id }: PairedConnection, answers: AnswerView[]): void {
  terminal.report(answerResult, { connectionId: id, answers }, answersText);
}

/** An answer that was stored, with the command that takes it back. */
export function answered(
  connection: PairedConnection,
  { party, displayName }: KnownParty,
  answer: AnswerView["answer"],
): AnswerView {
  const text = partyKeyText(party);
  const undo = `ml-connector review undo ${text} --connection ${connection.id}`;
  return { party: text, displayName, answer, undone: null, undo };
}

/** A party whose organization can be answered for: its family is shown with the top. */
export async function findAnswerable(
  application: Application,
  connection: PairedConnection,
  text: string,
): Promise<KnownParty> {
  const [known] = await findAll(application, connection, [text]);
  if (!known) throw new OperatorError(`There is no ${oneLine(text)}.`);
  return known;
}

async function findAll(
  application: Application,
  connection: PairedConnection,
  texts: readonly string[],
): Promise<KnownParty[]> {
  const parties: KnownParty[] = [];
  for (const text of texts) parties.push(await findParty(application, connection.id, text));
  const keys: PartyKey[] = parties.map(({ party }) => party);
  const standings = await application.links.dispositionsOf(connection.id, keys);
  for (const known of parties) {
    const standing = standings.get(partyKeyText(known.party));
    if (standing?.kind === "rolled-up")
      throw new OperatorError(
        `${namedParty(known)} is shown with ${partyKeyText(standing.into)}: answer for that one instead.`,
      );
  }
  return parties;
}

export function namedParty({ party, displayName }: Pick<KnownParty, "party" | "displayName">): string {
  return `${partyKeyText(party)} (${oneLine(displayName)})`;
}
