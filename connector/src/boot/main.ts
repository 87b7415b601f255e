// The program's entry: what the command line asks for, on what the environment configures.
import os from "node:os";
import closeWithGrace from "close-with-grace";
import { registerDemo } from "../cli/demo/index.ts";
import {
  buildProgram,
  createTerminal,
  everydayCommands,
  registerDoctor,
  runProgram,
  type Session,
  wantsJson,
} from "../cli/index.ts";
import { createApplication } from "./application.ts";
import { type Config, processEnvironment, readConfig } from "./config.ts";
import { openDemoConnector } from "./demo-connector.ts";
import { examine } from "./doctor.ts";
import { createLog } from "./log.ts";
import type { Running } from "./program.ts";
import { openProgram } from "./running.ts";

const words = process.argv.slice(2);
const debug = process.env["ML_CONNECTOR_LOG_LEVEL"] === "debug";
const terminal = createTerminal(
  { input: process.stdin, output: process.stdout, errors: process.stderr },
  { json: wantsJson(words), noColour: process.env["NO_COLOR"] !== undefined && process.env["NO_COLOR"] !== "" },
);
let running: Running | undefined;

const session: Session = {
  terminal,
  who: `${userName()} (command line)`,
  now: () => new Date(),
  async withApplication(work) {
    const config = readConfig(processEnvironment());
    const serving = words[0] === "start";
    running = await openProgram(
      config,
      createLog({ level: serving ? config.logLevel : quieter(config.logLevel) }),
      serving ? "service" : "command",
    );
    try {
      return await work(createApplication(running));
    } finally {
      await running.close();
    }
  },
};

/** A command's own words are what its user reads; the service's log is for the service. */
function quieter(level: Config["logLevel"]): string {
  return level === "info" ? "warn" : level;
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return "somebody";
  }
}

// A signal ends what runs in order: owners settle what they have in hand, PostgreSQL stops. The demo sees to its own end.
const graceful = closeWithGrace(
  { delay: 30_000, logger: false, skip: words[0] === "demo" ? ["SIGINT", "SIGTERM", "beforeExit"] : ["beforeExit"] },
  async ({ err }) => {
    if (err) terminal.say(`ml-connector stopped because of a defect: ${err.message}. Please report it.`);
    if (err && debug) terminal.say(err.stack ?? "");
    await running?.close();
  },
);

const doctor = () =>
  examine({
    environment: processEnvironment(),
    open: (config) => openProgram(config, createLog({ level: quieter(config.logLevel) }), "command"),
  });

const program = buildProgram([
  ...everydayCommands(session),
  (parent) => registerDoctor(parent, terminal, doctor),
  (parent) => registerDemo(parent, terminal, openDemoConnector, () => new Date().toISOString().slice(0, 10)),
]);
process.exitCode = await runProgram(program, words, {
  terminal,
  debug,
  logHint: "Set ML_CONNECTOR_LOG_LEVEL=debug to see more.",
});
graceful.uninstall();
