// A process with a temporary cluster, as the demo and a test run have one. Prints its folder when it is ready.
import { startTemporary } from "../../src/store/embedded/index.ts";

const quiet = () => undefined;
const { folder } = await startTemporary({ log: { info: quiet, warn: quiet, error: quiet } });
process.stdout.write(`${folder}\n`);
