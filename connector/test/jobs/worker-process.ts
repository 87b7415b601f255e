// A process that takes reconcile jobs and never finishes one: tests kill it. Prints a line per job that it takes.
import { startJobs } from "../../src/jobs/index.ts";

const url = process.argv[2];
if (!url) throw new Error("usage: worker-process <database url>");
const quiet = () => undefined;
const jobs = await startJobs({ database: { url }, log: { warn: quiet, error: quiet } });
await jobs.work(
  "reconcile",
  (key) =>
    new Promise(() => {
      process.stdout.write(`${key}\n`);
    }),
  { concurrency: 1 },
);
