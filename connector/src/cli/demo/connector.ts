import type { ConnectionId } from "../../domain/index.ts";
import type { Application } from "../application.ts";

/** What of a party the comparison takes from the connector, as data. */
export interface PartyStanding {
  /** `customer:12`. */
  key: string;
  disposition: string;
  organizationId: number | undefined;
  origin: "created" | "adopted" | undefined;
}

/** The connector as the demo runs it: in this process, on a fresh database of its own. */
export interface DemoConnector {
  application: Application;
  /** Where QuickBooks delivers. */
  webhookUrl: string;
  appUrl: string;
  standings(connectionId: ConnectionId): Promise<PartyStanding[]>;
  today(zone: string): string;
  close(): Promise<void>;
}

/** Opens it against these simulators. Boot gives it. */
export type OpenDemoConnector = (settings: {
  quickbooksUrl: string;
  zendeskUrl: string;
  webhookVerifier: string;
  /** `YYYY-MM-DD`: its clock stands there, since a demo that runs over midnight must not change its figures on the way. */
  today: string;
  /** The service's log; undefined: warnings to standard error. */
  logFile: string | undefined;
}) => Promise<DemoConnector>;
