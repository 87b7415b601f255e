// A process that has the built-in PostgreSQL under it, as the service does: tests kill it. Prints one line when it is ready.
import { startEmbedded } from "../../src/store/embedded/index.ts";

const [folder, programs] = process.argv.slice(2);
if (!folder) throw new Error("usage: embedded-process <data folder> [<programs folder>]");
const quiet = () => undefined;
try {
  const running = await startEmbedded({
    folder,
    ...(programs ? { programs } : {}),
    log: { info: quiet, warn: quiet, error: quiet },
    onFolderTaken: () => process.exit(3),
  });
  process.once("SIGTERM", () => {
    void running.stop();
  });
  process.stdout.write(`${JSON.stringify({ connection: running.connection })}\n`);
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ refused: error instanceof Error ? error.message : "unknown", name: error instanceof Error ? error.name : "" })}\n`,
  );
  process.exitCode = 2;
}
