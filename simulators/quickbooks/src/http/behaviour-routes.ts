import type { FastifyInstance, FastifyRequest } from "fastify";
import { defaultSwitches, type Limits, namedLimits, namedWeather, type Weather } from "../behaviour/index.ts";
import { ControlError, limitsBody, readControl, snapshotBody, switchesBody, weatherBody } from "../control/bodies.ts";
import { restoreSnapshot, type Snapshots, takeSnapshot } from "../control/snapshots.ts";
import { setSwitches, setWeather, type World } from "../world.ts";

/** Switches, limits, profiles and snapshots. */
export function addBehaviour(
  control: FastifyInstance,
  world: World,
  { snapshots, jsonBody }: { snapshots: Snapshots; jsonBody: (request: FastifyRequest) => unknown },
): void {
  control.get("/switches", () => ({ switches: world.switches, defaults: defaultSwitches }));
  control.post("/switches", (request) => {
    setSwitches(world, { ...world.switches, ...given(readControl(switchesBody, jsonBody(request))) });
    return { switches: world.switches };
  });
  control.get("/limits", () => ({
    limits: world.limiter.limits(),
    meteredThisMonth: world.limiter.meteredThisMonth(),
  }));
  control.post("/limits", (request) => {
    const body = readControl(limitsBody, jsonBody(request));
    const next: Limits = "name" in body ? namedLimits[body.name] : { ...world.limiter.limits(), ...given(body) };
    world.limiter.set(next);
    return { limits: next };
  });
  control.get("/profile", () => ({ profile: world.weather, names: Object.keys(namedWeather) }));
  control.post("/profile", (request) => {
    const body = readControl(weatherBody, jsonBody(request));
    const next: Weather = "name" in body ? namedWeather[body.name] : { ...world.weather, ...given(body) };
    setWeather(world, next);
    return { profile: next };
  });
  control.post("/snapshot", () => ({ id: takeSnapshot(snapshots, world) }));
  control.post("/restore", (request) => {
    const { id } = readControl(snapshotBody, jsonBody(request));
    if (!restoreSnapshot(snapshots, world, id)) throw new ControlError(`there is no snapshot ${id}`, 404);
    return { restored: id };
  });
}

/** What was named, nothing else: an undefined value must not overwrite a setting. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
