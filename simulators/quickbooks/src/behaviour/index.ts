// How the simulator behaves: switches for what is not documented, limits, and the weather (faults and latency by chance).
// Not scripted faults and gates, which name single calls: those are in control/.
// Called by http, world and start.
export { createLaggingView, type LaggingView } from "./lagging-view.ts";
export {
  createLimiter,
  type LimitedCall,
  type Limiter,
  type Limits,
  type LimitsName,
  limitsSchema,
  namedLimits,
} from "./limits.ts";
export { defaultSwitches, type Switches, switchesSchema, type WriteRules } from "./switches.ts";
export {
  delayMs,
  type Fate,
  fateOf,
  namedWeather,
  type Weather,
  type WeatherName,
  weatherNames,
  weatherSchema,
} from "./weather.ts";
