import { z } from "zod";
import { alertTargetAdded, alertTargets, alertTargetView, alertTest } from "../alerts.ts";
import { doctorResult } from "../checks.ts";
import { keysRotated, keysView } from "../keys.ts";
import { json, operation } from "./operation.ts";

const administer = { role: "admin", on: "deployment" } as const;
const upkeep = { tag: "upkeep", needs: administer };

export const upkeepOperations = {
  runDoctor: operation({
    ...upkeep,
    method: "POST",
    path: "/doctor",
    summary:
      "Look at everything that has to work, from the machine to both systems, and say what to do; nothing is written",
    answer: json(200, doctorResult),
  }),
  readKeys: operation({
    ...upkeep,
    method: "GET",
    path: "/keys",
    summary: "The keys that seal tokens, and what each is needed for",
    answer: json(200, keysView),
  }),
  rotateKeys: operation({
    ...upkeep,
    method: "POST",
    path: "/keys/rotation",
    summary: "Seal everything again with a new key; the service goes on meanwhile",
    answer: json(200, keysRotated),
  }),
  removeKey: operation({
    ...upkeep,
    method: "DELETE",
    path: "/keys/:kid",
    summary: "Take a key that nothing is sealed with out of the ring",
    params: z.object({ kid: z.string().max(100) }),
    answer: json(200, keysView),
  }),
  listAlertTargets: operation({
    ...upkeep,
    method: "GET",
    path: "/alert-targets",
    summary: "Where alerts go",
    answer: json(200, alertTargets),
  }),
  addAlertTarget: operation({
    ...upkeep,
    method: "POST",
    path: "/alert-targets",
    summary: "Have alerts sent to an e-mail address, to Slack or to a webhook, whose secret this answer alone shows",
    body: alertTargetView.pick({ kind: true, least: true }).extend({ to: z.string().min(1).max(2_000) }),
    answer: json(201, alertTargetAdded),
  }),
  removeAlertTarget: operation({
    ...upkeep,
    method: "DELETE",
    path: "/alert-targets/:targetId",
    summary: "Send no more alerts there",
    params: z.object({ targetId: z.coerce.number().int().positive() }),
    answer: json(200, alertTargets),
  }),
  testAlerts: operation({
    ...upkeep,
    method: "POST",
    path: "/alert-targets/test",
    summary: "Send a test to every target, and say who took it",
    answer: json(200, alertTest),
  }),
};
