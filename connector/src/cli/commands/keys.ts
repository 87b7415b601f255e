import { type KeysView, keysRotated, keysView } from "@ml-connector/contract";
import type { Command } from "commander";
import { counted } from "../../views/index.ts";
import { jsonOption } from "../arguments.ts";
import { type Layout, layoutOf, paragraphs, table } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerKeys(program: Command, session: Session): void {
  const { terminal } = session;
  const keys = program.command("keys").description("the keys that seal tokens in the database");

  keys
    .command("status")
    .description("the key ring, and what each key is needed for")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async (application) => {
        const view = await application.keys.status();
        if (view.keys.some(({ state }) => state !== "good")) terminal.endWith(1);
        terminal.report(keysView, view, (shown) => keysText(shown, layoutOf(terminal)));
      }),
    );

  keys
    .command("rotate")
    .description("seal everything again with a new key; the service goes on meanwhile")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async (application) => {
        const view = await application.keys.rotate();
        terminal.report(keysRotated, view, (shown) =>
          paragraphs([
            `${counted(shown.resealed, "text")} sealed again with key ${shown.keys.find(({ current }) => current)?.kid ?? ""}.`,
            shown.busy === 0
              ? undefined
              : `${counted(shown.busy, "text")} in use at this moment: run it again in a minute.`,
            keysText(shown, layoutOf(terminal)),
          ]),
        );
      }),
    );

  keys
    .command("remove")
    .description("take a key that nothing is sealed with out of the ring")
    .argument("<kid>", "its id: see keys status")
    .addOption(jsonOption())
    .action((kid: string) =>
      session.withApplication(async (application) => {
        const view = await application.keys.remove(kid);
        terminal.report(keysView, view, (shown) => keysText(shown, layoutOf(terminal)));
      }),
    );
}

const stateWords = { good: "", missing: "MISSING: add it from your backup", wrong: "WRONG: another key has its id" };

function keysText(view: KeysView, layout: Layout): string {
  const rows = view.keys.map(({ kid, current, texts, state }) => [
    kid,
    current ? "seals" : "opens",
    texts,
    state === "good" && !current && texts === 0 ? "not needed any more" : stateWords[state],
  ]);
  const columns = [
    { head: "KEY", whole: true as const },
    { head: "USE" },
    { head: "SEALED TEXTS", align: "right" as const },
    { head: "" },
  ];
  return paragraphs([
    table(columns, rows, layout),
    `The key ring is ${view.where}. Back it up: tokens open with nothing else.`,
  ]);
}
