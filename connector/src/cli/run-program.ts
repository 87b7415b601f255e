import { failed } from "@ml-connector/contract";
import { type Command, CommanderError } from "commander";
import { describeFault } from "./describe-fault.ts";
import type { Terminal } from "./output/index.ts";

/**
 * Runs one command line, without the program's own name, and gives back the exit code: 0, 1 for what went wrong, 2 for what was written wrongly.
 * Set it as `process.exitCode` rather than leaving at once: what is still in a pipe would be cut off.
 */
export async function runProgram(
  program: Command,
  words: readonly string[],
  around: { terminal: Terminal; logHint: string; debug: boolean },
): Promise<number> {
  const { terminal, logHint, debug } = around;
  try {
    await program.parseAsync([...words], { from: "user" });
    return terminal.exitCode;
  } catch (fault) {
    if (fault instanceof CommanderError && fault.exitCode === 0) return 0; // --help
    const { kind, says, exitCode } = describeFault(fault, logHint);
    terminal.say(terminal.style.bad(says));
    if (debug && fault instanceof Error && fault.stack) terminal.say(fault.stack);
    if (terminal.json && !terminal.reported) terminal.report(failed, { error: { kind, says } }, () => "");
    return exitCode;
  }
}

/** Whether a command line asks for JSON; known before it is parsed, because a wrong one is answered in JSON too. */
export function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).includes("--json");
}
