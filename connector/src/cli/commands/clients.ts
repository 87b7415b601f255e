import { readFile } from "node:fs/promises";
import { type BroughtClient, broughtClient, type ClientsView, clientsView } from "@ml-connector/contract";
import { Argument, type Command } from "commander";
import { type ConnectionId, OperatorError, type System } from "../../domain/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { type Layout, layoutOf, type Terminal, table } from "../output/index.ts";
import type { Session } from "../session.ts";

const systems = ["quickbooks", "zendesk"] as const;
const names = { quickbooks: "QuickBooks", zendesk: "Zendesk" };

export function registerClients(program: Command, session: Session): void {
  const { terminal } = session;
  const clients = program
    .command("clients")
    .description("an Intuit app or a Zendesk client of a connection's own, instead of the deployment's");
  const systemArgument = () => new Argument("<system>", "quickbooks or zendesk").choices(systems);
  const report = (view: ClientsView) =>
    terminal.report(clientsView, view, (shown) => clientsText(shown, layoutOf(terminal)));

  clients
    .command("show")
    .description("through which client each side of the connection goes")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action(({ connection }: SharedOptions) =>
      session.withApplication(async (application) =>
        report(await application.clients.show(await chosen(application, connection))),
      ),
    );

  clients
    .command("bring")
    .description("bring one; it takes over with the next consent: ml-connector connect")
    .addArgument(systemArgument())
    .option(
      "--file <name>",
      "JSON with clientId and clientSecret, for QuickBooks also verifiers, environment, monthlyReads",
    )
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((system: System, { connection, file }: SharedOptions & { file?: string }) =>
      session.withApplication(async (application) => {
        const id = await chosen(application, connection);
        const client = file === undefined ? await askFor(system, terminal) : await readClient(file);
        report(await application.clients.bring(id, system, client));
      }),
    );

  clients
    .command("remove")
    .description("go back to the deployment's client; somebody has to consent again")
    .addArgument(systemArgument())
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((system: System, { connection }: SharedOptions) =>
      session.withApplication(async (application) =>
        report(await application.clients.remove(await chosen(application, connection), system)),
      ),
    );
}

/** Also one that is not finished: it may wait for just this. */
async function chosen({ connections }: Application, connection: ConnectionId | undefined): Promise<ConnectionId> {
  const all = await connections.list();
  return (
    connection ?? (all.length === 1 ? all[0]?.id : undefined) ?? (await chooseConnection(connections, undefined)).id
  );
}

/** A secret on a command line would be seen by every user of the machine, and kept by the shell. */
async function askFor(system: System, terminal: Terminal): Promise<BroughtClient> {
  if (!terminal.canAsk)
    throw new OperatorError(
      "Nobody can be asked here: give the client with --file, as JSON with clientId and clientSecret.",
    );
  const clientId = await terminal.ask(`Client id at ${names[system]}`);
  const clientSecret = await terminal.ask("Client secret", { hidden: true });
  const verifier =
    system === "quickbooks" ? await terminal.ask("Verifier token of its webhooks (empty: none)", { hidden: true }) : "";
  return checked({ clientId, clientSecret, ...(verifier === "" ? {} : { verifiers: [verifier] }) }, "what you wrote");
}

export async function readClient(file: string): Promise<BroughtClient> {
  return checked(await readJson(file), file);
}

/** `{"quickbooks": {...}, "zendesk": {...}}`, either or both. */
export async function readClients(file: string): Promise<{ quickbooks?: BroughtClient; zendesk?: BroughtClient }> {
  const found = await readJson(file);
  if (typeof found !== "object" || found === null || Object.keys(found).some((key) => !(key in names)))
    throw new OperatorError(`${file} must hold {"quickbooks": {...}, "zendesk": {...}}, or one of them.`);
  return Object.fromEntries(Object.entries(found).map(([key, client]) => [key, checked(client, `${file}, ${key}`)]));
}

const mostLetters = 20_000;

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new OperatorError(`${file} cannot be read (${code}).`, { cause });
  });
  try {
    return JSON.parse(text.slice(0, mostLetters));
  } catch {
    // The parser's own message repeats a part of the file.
    throw new OperatorError(`${file} is not JSON.`);
  }
}

/** Its complaints name fields and rules, never what was written. */
function checked(json: unknown, from: string): BroughtClient {
  const parsed = broughtClient.safeParse(json);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the client"}: ${message}`);
  throw new OperatorError(`This client cannot be used (${from}): ${mistakes.join("; ")}.`);
}

function clientsText({ clients }: ClientsView, layout: Layout): string {
  const whose = {
    deployment: "the deployment's",
    connection: "this connection's own",
    shared: "shared with another connection",
  };
  const rows = clients.map(({ system, clientId, from, environment, hasVerifiers, waitsForConsent }) => [
    names[system],
    clientId ?? "none",
    [whose[from], environment, hasVerifiers === false ? "no verifier: changes arrive by polls alone" : undefined]
      .filter((word) => word !== undefined && word !== null)
      .join(", "),
    waitsForConsent ? "takes over with the next consent: ml-connector connect" : "",
  ]);
  return table([{ head: "System", whole: true }, { head: "Client" }, { head: "Whose" }, { head: "" }], rows, layout);
}
