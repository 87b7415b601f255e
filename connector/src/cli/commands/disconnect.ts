import { type DisconnectResult, disconnectResult } from "@ml-connector/contract";
import type { Command } from "commander";
import type { ConnectionId } from "../../domain/index.ts";
import { counted } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { paragraphs } from "../output/index.ts";
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
  const { created, adopted } = preview;
  terminal.show(previewText(preview, mode));
  const agreed = options.yes === true || (terminal.canAsk && (await terminal.confirm("Disconnect?")));
  const nothing = { connectionId: id, mode, created, adopted, done: false, revoked: [], notRevoked: [] };
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
  { created, adopted, revokes }: { created: number; adopted: number; revokes: readonly string[] },
  mode: Mode,
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
  return paragraphs([becomes, consents]);
}

function endText({ connectionId, notRevoked }: DisconnectResult): string {
  return paragraphs([
    `Connection ${connectionId} is disconnected.`,
    notRevoked.length === 0
      ? undefined
      : `${notRevoked.map((system) => names[system] ?? system).join(" and ")} could not be asked to revoke the consent. The tokens are deleted here; to be sure, remove the app there, too.`,
  ]);
}
