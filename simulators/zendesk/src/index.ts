// A Zendesk of our own over HTTP: stateful and strict, for development and tests.
// Not Zendesk, not a mock: nothing is scripted unless the control port says so; see README.md for what is not built.
// Started by tests in process (`startZendeskSimulator`) or by `main.ts` as a process of its own.
export { startZendeskSimulator, type ZendeskSimulator, type ZendeskSimulatorOptions } from "./start.ts";
