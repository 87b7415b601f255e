import { type DoctorResult, doctorResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { jsonOption } from "../arguments.ts";
import { checksText, layoutOf, type Terminal } from "../output/index.ts";

/** Boot adds it: it has to work where nothing else does. */
export function registerDoctor(program: Command, terminal: Terminal, examine: () => Promise<DoctorResult>): void {
  program
    .command("doctor")
    .description("look at everything that has to work, and say what to do")
    .addOption(jsonOption())
    .action(async () => {
      const examined = await examine();
      if (!examined.ok) terminal.endWith(1);
      terminal.report(doctorResult, examined, ({ checks }) => checksText(checks, layoutOf(terminal)));
    });
}
