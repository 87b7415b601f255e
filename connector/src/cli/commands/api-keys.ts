import { type ApiKeyView, apiKeyList, apiKeyResult, madeApiKey } from "@ml-connector/contract";
import { type Command, InvalidArgumentError } from "commander";
import { makeApiKey, revokeApiKey } from "../../access/index.ts";
import { ago, apiKeyView } from "../../views/index.ts";
import { jsonOption, wholeNumber } from "../arguments.ts";
import { type Layout, layoutOf, table } from "../output/index.ts";
import type { Session } from "../session.ts";
import { type RoleOptions, rolesOption, scopeOption, scopeWords } from "./role-options.ts";

const dayMs = 86_400_000;

export function registerApiKeys(program: Command, session: Session): void {
  const { terminal } = session;
  const keys = program.command("api-keys").description("keys with which programs use the operator API");

  keys
    .command("list")
    .description("every key, those that are no longer good included")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async ({ access }) => {
        const now = session.now();
        const view = { apiKeys: (await access.apiKeys.list()).map((key) => apiKeyView(key, now)) };
        terminal.report(apiKeyList, view, (shown) => apiKeysText(shown.apiKeys, now, layoutOf(terminal)));
      }),
    );

  keys
    .command("create")
    .description("make a key; it is shown once")
    .argument("<name>", "what it is for: the journal names it")
    .addOption(rolesOption().makeOptionMandatory())
    .addOption(scopeOption())
    .option(
      "--days <number>",
      "how long it is good; without it, until it is revoked",
      wholeNumber({ from: 1, to: 3_650 }),
    )
    .addOption(jsonOption())
    .action((name: string, options: RoleOptions & { days?: number }) =>
      session.withApplication(async ({ access }) => {
        const now = session.now();
        const expiresAt = options.days === undefined ? undefined : new Date(now.getTime() + options.days * dayMs);
        const asked = { name: keyName(name), role: options.role, connections: options.connection, expiresAt };
        const made = await makeApiKey(asked, session.who, access);
        terminal.report(
          madeApiKey,
          { apiKey: apiKeyView(made.apiKey, now), key: made.key },
          ({ key, apiKey }) => `${key}\n${describeKey(apiKey)} It is shown this once: only its hash is kept.`,
        );
      }),
    );

  keys
    .command("revoke")
    .description("end a key, at once and for ever")
    .argument("<number>", "see api-keys list", wholeNumber({ from: 1, to: Number.MAX_SAFE_INTEGER }))
    .addOption(jsonOption())
    .action((id: number) =>
      session.withApplication(async ({ access }) => {
        const apiKey = apiKeyView(await revokeApiKey(id, session.who, access), session.now());
        terminal.report(apiKeyResult, { apiKey }, (shown) => `API key ${shown.apiKey.id} is revoked.`);
      }),
    );
}

function keyName(text: string): string {
  const name = text.trim();
  if (name.length < 1 || name.length > 100) throw new InvalidArgumentError("A name has 1 to 100 characters.");
  return name;
}

function describeKey({ role, connections, expiresAt }: ApiKeyView): string {
  const until = expiresAt === null ? "until it is revoked" : `until ${expiresAt.slice(0, 10)}`;
  return `This key is good ${until}, as ${role} ${scopeWords(connections)}.`;
}

function apiKeysText(keys: readonly ApiKeyView[], now: Date, layout: Layout): string {
  if (keys.length === 0) return "There is no API key yet: the first start of the service makes the local operator's.";
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.state,
    `${key.role} ${scopeWords(key.connections)}`,
    key.expiresAt?.slice(0, 10) ?? "never",
    ago(key.usedAt, now),
  ]);
  const columns = [
    { head: "Number", align: "right" as const, whole: true as const },
    { head: "Name" },
    { head: "State", whole: true as const },
    { head: "May" },
    { head: "Ends", whole: true as const },
    { head: "Used" },
  ];
  return table(columns, rows, layout);
}
