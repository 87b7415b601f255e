import { flagHelp, readFlags } from "./flags.ts";
import { startZendeskSimulator } from "./index.ts";
import { AccountFileProblem } from "./state/account-file.ts";
import { SeedProblem } from "./state/seed.ts";

/** One line that says what is wrong and what to do, and exit code 1. */
function fail(message: string): void {
  process.stderr.write(`simulator:zendesk: ${message}\n`);
  process.exitCode = 1;
}

function wording(error: unknown, port: number): string {
  if (error instanceof AccountFileProblem) return error.message;
  if (error instanceof SeedProblem) return `the account file is not usable: ${error.message}`;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `port ${port} is in use: stop what listens there, or choose another with --port (0 = any)`;
  if (code === "EACCES") return `port ${port} may not be used by this user: choose one above 1023 with --port`;
  return `could not start (${error instanceof Error ? error.message : String(error)})`;
}

const read = readFlags(process.argv.slice(2));
if (read.kind === "help") process.stdout.write(flagHelp);
else if (read.kind === "problem") fail(read.message);
else {
  try {
    const simulator = await startZendeskSimulator(read.options);
    const { subdomain = "simulator", plan = "enterprise" } = read.options;
    process.stderr.write(`Zendesk simulator (not Zendesk): account "${subdomain}", plan ${plan}\n`);
    process.stderr.write(
      `  API   ${simulator.url}/api/v2\n  pages ${simulator.url}/tickets\n  control ${simulator.url}/_control/\n`,
    );
    if (read.json) process.stdout.write(`${JSON.stringify({ url: simulator.url, subdomain, plan })}\n`);
    let isClosing = false;
    const close = (): void => {
      if (isClosing) return;
      isClosing = true;
      void simulator.close().then(() => process.exit(0));
    };
    process.on("SIGTERM", close);
    process.on("SIGINT", close);
  } catch (error) {
    fail(wording(error, read.options.port ?? 0));
  }
}
