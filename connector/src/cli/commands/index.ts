// The commands, one file each: read what they need, do one thing, report it.
// Not the program's frame (program.ts, run-program.ts) and not `demo`, which boot adds.
// Called by boot through cli/index.ts.
import type { RegisterCommand, Session } from "../session.ts";
import { registerAlerts } from "./alerts.ts";
import { registerApiKeys } from "./api-keys.ts";
import { registerApply } from "./apply.ts";
import { registerAudit } from "./audit.ts";
import { registerClients } from "./clients.ts";
import { registerConnect } from "./connect.ts";
import { registerDisconnect } from "./disconnect.ts";
import { registerErase } from "./erase.ts";
import { registerFit } from "./fit.ts";
import { registerIncidents } from "./incidents.ts";
import { registerKeys } from "./keys.ts";
import { registerMapping } from "./mapping.ts";
import { registerOperators } from "./operators.ts";
import { registerPause } from "./pause.ts";
import { registerPing } from "./ping.ts";
import { registerPlan } from "./plan.ts";
import { registerReplay } from "./replay.ts";
import { registerRestore } from "./restore.ts";
import { registerReview } from "./review.ts";
import { registerSettings } from "./settings.ts";
import { registerStart } from "./start.ts";
import { registerStatus } from "./status.ts";
import { registerSync } from "./sync.ts";
import { registerVerify } from "./verify.ts";
import { registerWhy } from "./why.ts";

export { registerDoctor } from "./doctor.ts";

/** In the order in which an operator meets them. */
export function everydayCommands(session: Session): RegisterCommand[] {
  const registers = [
    registerStart,
    registerConnect,
    registerFit,
    registerPlan,
    registerApply,
    registerRestore,
    registerSettings,
    registerMapping,
    registerStatus,
    registerSync,
    registerReview,
    registerWhy,
    registerAudit,
    registerReplay,
    registerVerify,
    registerIncidents,
    registerKeys,
    registerAlerts,
    registerClients,
    registerPing,
    registerPause,
    registerDisconnect,
    registerErase,
    registerOperators,
    registerApiKeys,
  ];
  return registers.map((register) => (program) => register(program, session));
}
