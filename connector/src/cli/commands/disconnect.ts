import { type DisconnectPreview, type DisconnectResult, disconnectResult } from "@ml-connector/contract";
import type { Command } from "commander";
import type { ConnectionId } from "../../domain/index.ts";
import { counted, grouped } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { type Layout, layoutOf, paragraphs, section, table } from "../output/index.ts";
import type { Session } from "../session.ts";

interface DisconnectOptions extends SharedOptions {
  clear?: true;
  purge?: true;
  yes?: true;
}

type Mode = DisconnectResult["mode"];

export function registerDisconnect(program: Command, session: Session): void {
  program
    .command("disconnect")
    .description("end a connection and its consents; shows what becomes of Zendesk's organizations first")
    .option("--clear", "empty our fields and external ids in Zendesk; no organization is deleted")
    .option("--purge", "the same, and forget everything about the company but the journal")
    .option("--yes", "do it without asking")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: DisconnectOptions) =>
      session.withApplication((application) => disconnect(session, application, options)),
    );
}

async function disconnect(session: Session, application: Application, options: DisconnectOptions): Promise<void> {
  const { terminal } = session;
  const { id } = await chooseConnection(application.connections, options.connection);
  const mode: Mode = options.purge ? "purge" : options.clear ? "clear" : "leave";
  const preview = await application.life.previewDisconnect(id);
  const { revokes: _, ...concerns } = preview;
  terminal.show(previewText(preview, mode, layoutOf(terminal)));
  const agreed = options.yes === true || (terminal.canAsk && (await terminal.confirm("Disconnect?")));
  const nothing = { connectionId: id, mode, ...concerns, done: false, revoked: [], notRevoked: [] };
  if (!agreed) {
    terminal.report(disconnectResult, nothing, () => "Nothing was changed. To do it: add --yes");
    return;
  }
  const ended = await follow(session, application, id, mode);
  terminal.report(disconnectResult, { ...nothing, done: true, ...ended }, endText);
}

async function follow(
  { terminal, who }: Session,
  application: Application,
  id: ConnectionId,
  mode: Mode,
): Promise<{ revoked: string[]; notRevoked: string[] }> {
  const progress = terminal.progress();
  let ended: { revoked: string[]; notRevoked: string[] } = { revoked: [], notRevoked: [] };
  let total = 0;
  try {
    for await (const step of application.life.disconnect(id, { mode, who }))
      if ("ended" in step) ended = step.ended;
      else {
        total = Math.max(total, step.left);
        progress.at({ title: "Clearing", done: total - step.left, total, says: "organizations" });
      }
  } finally {
    progress.end();
  }
  return ended;
}

const names: Record<string, string> = { quickbooks: "QuickBooks", zendesk: "Zendesk" };

function previewText(
  { created, adopted, revokes, clears, stays }: Omit<DisconnectPreview, "connectionId">,
  mode: Mode,
  layout: Layout,
): string {
  const organizations = `${counted(created + adopted, "organization")} in Zendesk (${created} made by ml-connector, ${adopted} found)`;
  const becomes = {
    leave: `${organizations} stay as they are, with the figures of today. Connecting the same company again goes on from here.`,
    clear: `Our fields, and our external ids on what we made, are emptied on ${organizations}. No organization is deleted, nothing else is touched.`,
    purge: `Our fields, and our external ids on what we made, are emptied on ${organizations}. No organization is deleted. Then everything that ml-connector knows of the company is deleted, but the journal.`,
  }[mode];
  const consents =
    revokes.length === 0
      ? "Other connections need the consents: they stay."
      : `The consent of ${revokes.map((system) => names[system] ?? system).join(" and ")} is revoked.`;
  return paragraphs([becomes, ...(mode === "leave" ? [] : [clearedText(clears, layout), staysText(stays)]), consents]);
}

function clearedText(
  { fields, externalIds, records }: DisconnectPreview["clears"],
  layout: Layout,
): string | undefined {
  const rows: [string, number][] = [
    ...fields.map(({ key, organizations }): [string, number] => [
      key === "notes" ? "our block in the notes" : `field ${key}`,
      organizations,
    ]),
    ["external id", externalIds],
    ["record of an invoice or a bill", records],
  ];
  const concerned = rows.filter(([, count]) => count > 0);
  if (concerned.length === 0) return undefined;
  const drawn = table(
    [{ head: "Emptied or taken away" }, { head: "Count", align: "right" }],
    concerned.map(([what, count]) => [what, grouped(count)]),
    layout,
  );
  return section("In Zendesk", drawn, layout);
}

function staysText({ users, members, ticketFields }: DisconnectPreview["stays"]): string | undefined {
  const kept = [
    ...(users > 0 ? [counted(users, "user made of a billing contact", "users made of billing contacts")] : []),
    ...(members > 0 ? [counted(members, "user made a member", "users made members")] : []),
    ...(ticketFields > 0 ? [counted(ticketFields, "ticket field")] : []),
  ];
  return kept.length === 0 ? undefined : `What tickets and people may use stays: ${kept.join(", ")}.`;
}

function endText({ connectionId, notRevoked }: DisconnectResult): string {
  return paragraphs([
    `Connection ${connectionId} is disconnected.`,
    notRevoked.length === 0
      ? undefined
      : `${notRevoked.map((system) => names[system] ?? system).join(" and ")} could not be asked to revoke the consent. The tokens are deleted here; to be sure, remove the app there, too.`,
  ]);
}
