import type { Readable, Writable } from "node:stream";
import { confirm, password, text } from "@clack/prompts";
import { OperatorError } from "../../domain/index.ts";
import { createProgress, type Progress } from "./progress.ts";
import { colourStyle, plainStyle, type Style } from "./style.ts";

/** The only way in which commands speak: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Standard output carries one line of JSON and nothing else. */
  readonly json: boolean;
  /** Somebody sits here who can be asked. */
  readonly canAsk: boolean;
  readonly style: Style;
  /** Letters in a line of what `show` writes to; undefined where it is no terminal. */
  readonly width: number | undefined;
  /** Text that people read: standard output, or standard error where that is JSON's. */
  show(text: string): void;
  /** Remarks: standard error. */
  say(text: string): void;
  /** The result of the command, once: as one line of JSON that fits the contract, else as text. */
  report<Value>(schema: { parse(value: unknown): Value }, value: Value, text: (value: Value) => string): void;
  readonly reported: boolean;
  progress(): Progress;
  /** False also when the question is left by Ctrl+C. Ask only where `canAsk`. */
  confirm(question: string): Promise<boolean>;
  /** What a person writes, without blanks around it; `hidden`: nobody sees it. Ask only where `canAsk`. Throws OperatorError when it is left by Ctrl+C. */
  ask(question: string, options?: { hidden: boolean }): Promise<string>;
  /** The work was done as far as it goes, but a script has to notice: `sync` out of time. */
  endWith(exitCode: number): void;
  readonly exitCode: number;
}

export interface TerminalStreams {
  input: Readable & { isTTY?: boolean };
  output: Writable & { isTTY?: boolean; columns?: number };
  errors: Writable & { isTTY?: boolean; columns?: number };
}

export function createTerminal(streams: TerminalStreams, wanted: { json: boolean; noColour: boolean }): Terminal {
  const { input, output, errors } = streams;
  const shown = wanted.json ? errors : output;
  const columns = (stream: TerminalStreams["errors"]) => Math.max(40, stream.columns ?? 80);
  let reported = false;
  let exitCode = 0;
  const show = (text: string) => void shown.write(`${text}\n`);
  return {
    json: wanted.json,
    canAsk: input.isTTY === true && errors.isTTY === true,
    style: shown.isTTY === true && !wanted.noColour ? colourStyle : plainStyle,
    get width() {
      return shown.isTTY === true ? columns(shown) : undefined;
    },
    show,
    say: (text) => void errors.write(`${text}\n`),
    report(schema, value, text) {
      if (reported) throw new Error("a command reports once");
      const checked = schema.parse(value);
      reported = true;
      if (wanted.json) output.write(`${JSON.stringify(checked)}\n`);
      else show(text(checked));
    },
    get reported() {
      return reported;
    },
    progress: () => createProgress(errors, errors.isTTY === true ? { columns: () => columns(errors) } : undefined),
    async confirm(question) {
      return (await confirm({ message: question, initialValue: false, input, output: errors })) === true;
    },
    async ask(question, { hidden } = { hidden: false }) {
      const written = hidden
        ? await password({ message: question, input, output: errors })
        : await text({ message: question, input, output: errors });
      if (typeof written === "symbol") throw new OperatorError("Left without an answer: nothing was changed.");
      return (written ?? "").trim();
    },
    endWith(code) {
      exitCode = code;
    },
    get exitCode() {
      return exitCode;
    },
  };
}
