import { PassThrough } from "node:stream";
import { createTerminal } from "../output/index.ts";
import { buildProgram } from "../program.ts";
import { runProgram, wantsJson } from "../run-program.ts";
import { everydayCommands } from "./index.ts";
import { sampleApplication } from "./sample-application.ts";
import { type SampleWorld, sampleNow, sampleWorld } from "./sample-world.ts";

interface Ran {
  exitCode: number;
  output: string;
  errors: string;
  /** The one line of standard output. */
  json: () => unknown;
}

/** The commands over the sample world, as a terminal would have them. */
export async function run(line: string, world: SampleWorld = sampleWorld()): Promise<Ran> {
  const words = line.split(" ");
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = createTerminal({ input, output, errors }, { json: wantsJson(words), noColour: false });
  const session = {
    terminal,
    withApplication: <Result>(work: (application: ReturnType<typeof sampleApplication>) => Promise<Result>) =>
      work(sampleApplication(world)),
    now: () => sampleNow,
    who: "jo (command line)",
  };
  const exitCode = await runProgram(buildProgram(everydayCommands(session)), words, {
    terminal,
    logHint: "The log says more.",
    debug: false,
  });
  const [said, remarked] = [output, errors].map((stream) => String(stream.read() ?? ""));
  return {
    exitCode,
    output: said ?? "",
    errors: remarked ?? "",
    json: () => {
      const [line, end, ...more] = (said ?? "").split("\n");
      if (end !== "" || more.length > 0) throw new Error(`more or less than one line of JSON: ${said}`);
      return JSON.parse(line ?? "");
    },
  };
}
