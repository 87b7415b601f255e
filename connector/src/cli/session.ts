import type { Command } from "commander";
import type { Application } from "./application.ts";
import type { Terminal } from "./output/index.ts";

/** What every command is given. */
export interface Session {
  terminal: Terminal;
  /** Opens the product for one piece of work and closes it afterwards, however the work ended. */
  withApplication<Result>(work: (application: Application) => Promise<Result>): Promise<Result>;
  now(): Date;
  /** Who sits here, for the journal: `marco (command line)`. */
  who: string;
}

/** Adds one command to the program. Boot adds `demo` by such a function of its own. */
export type RegisterCommand = (program: Command) => void;
