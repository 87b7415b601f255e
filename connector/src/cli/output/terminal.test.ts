import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createTerminal } from "./terminal.ts";

const anything = { parse: (value: unknown) => value };

function streams(isTTY: boolean) {
  const stream = () => Object.assign(new PassThrough(), { isTTY, columns: 100, setRawMode: () => undefined });
  return { input: stream(), output: stream(), errors: stream() };
}

describe("terminal", () => {
  it("keeps standard output for one line of JSON", () => {
    const { input, output, errors } = streams(false);
    const terminal = createTerminal({ input, output, errors }, { json: true, noColour: false });
    terminal.show("a table");
    terminal.report(anything, { a: "line\nfeed" }, () => "text");
    expect(String(output.read())).toBe('{"a":"line\\nfeed"}\n');
    expect(String(errors.read())).toBe("a table\n");
    expect(() => terminal.report(anything, {}, () => "")).toThrow("a command reports once");
  });

  it("reports nothing that does not fit the contract", () => {
    const { input, output, errors } = streams(false);
    const terminal = createTerminal({ input, output, errors }, { json: true, noColour: false });
    const never = {
      parse: (): never => {
        throw new Error("does not fit");
      },
    };
    expect(() => terminal.report(never, {} as never, () => "")).toThrow("does not fit");
    expect(output.read()).toBeNull();
    expect(terminal.reported).toBe(false);
  });

  it("colours and wraps on a terminal only, and not where colours are unwanted", () => {
    const onTerminal = createTerminal(streams(true), { json: false, noColour: false });
    expect([onTerminal.style.strong("x"), onTerminal.width, onTerminal.canAsk]).toEqual([
      "\u001B[1mx\u001B[22m",
      100,
      true,
    ]);
    expect(createTerminal(streams(true), { json: false, noColour: true }).style.strong("x")).toBe("x");
    const piped = createTerminal(streams(false), { json: false, noColour: false });
    expect([piped.style.strong("x"), piped.width, piped.canAsk]).toEqual(["x", undefined, false]);
  });

  it("asks on standard error and takes Ctrl+C for a no", async () => {
    const { input, output, errors } = streams(true);
    const asking = createTerminal({ input, output, errors }, { json: false, noColour: true }).confirm("Apply it?");
    input.write("\u0003");
    expect(await asking).toBe(false);
    expect(String(errors.read())).toContain("Apply it?");
    expect(output.read()).toBeNull();
  });

  it("takes y for a yes", async () => {
    const { input, output, errors } = streams(true);
    const asking = createTerminal({ input, output, errors }, { json: false, noColour: true }).confirm("Apply it?");
    input.write("y");
    expect(await asking).toBe(true);
  });
});
