import { erasureResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError } from "../../domain/index.ts";
import { counted, erasureView } from "../../views/index.ts";
import { jsonOption } from "../arguments.ts";
import { layoutOf, paragraphs, table } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerErase(program: Command, session: Session): void {
  const { terminal } = session;
  program
    .command("erase")
    .description("take one person out of everything that is kept here; erase them in QuickBooks and Zendesk first")
    .argument("<text...>", "their e-mail addresses, telephone numbers and full names")
    .option("--yes", "without asking")
    .addOption(jsonOption())
    .action((texts: string[], options: { yes?: true }) =>
      session.withApplication(async (application) => {
        const question = "This cannot be undone. Erase this person here?";
        if (!options.yes && !(terminal.canAsk && (await terminal.confirm(question))))
          throw new OperatorError("Nothing was erased. To erase without being asked, add --yes.");
        const erased = erasureView(await application.erase(texts, session.who));
        terminal.report(erasureResult, erased, ({ places, parties }) => {
          if (places.length === 0) return "Nothing of this person was found.";
          const rows = places.map(({ place, rows: changed }) => [place, changed]);
          const drawn = table(
            [
              { head: "Where", whole: true },
              { head: "Rows", align: "right" },
            ],
            rows,
            layoutOf(terminal),
          );
          return paragraphs([
            drawn,
            parties.length === 0
              ? undefined
              : `QuickBooks may still hold them in ${counted(parties.length, "record")} (${parties.map(({ party }) => party).join(", ")}): what it holds is read again.`,
          ]);
        });
      }),
    );
}
