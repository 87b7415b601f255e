// The command line: the same calls as everybody's, from a terminal.
// Not the product: what it does is behind `Application`, which boot implements; and not the demo, whose command boot adds.
// Called by boot.
export type { Application, ConnectStep, LoadStep } from "./application.ts";
export { everydayCommands, registerDoctor } from "./commands/index.ts";
export { createTerminal, type Terminal } from "./output/index.ts";
export { buildProgram } from "./program.ts";
export { runProgram, wantsJson } from "./run-program.ts";
export type { RegisterCommand, Session } from "./session.ts";
