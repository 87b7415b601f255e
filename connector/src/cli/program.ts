import { Command } from "commander";
import type { RegisterCommand } from "./session.ts";

/** The program with these commands, in the order in which help lists them. It throws CommanderError instead of leaving the process. */
export function buildProgram(commands: readonly RegisterCommand[]): Command {
  const program = new Command("ml-connector")
    .description("Keeps Zendesk organizations current with QuickBooks Online.")
    .exitOverride() // before the commands are added: they take it over
    .configureOutput({ outputError: () => {} }) // `runProgram` says it, in one line
    .showSuggestionAfterError(true);
  for (const register of commands) register(program);
  return program;
}
