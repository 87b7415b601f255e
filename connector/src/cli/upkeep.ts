// What keeps the service going, as the commands need it: keys, alerts. Boot builds it.
import type {
  AlertTargetAdded,
  AlertTargets,
  AlertTargetView,
  AlertTest,
  BroughtClient,
  ClientsView,
  DisconnectPreview,
  KeysRotated,
  KeysView,
  PingResult,
} from "@ml-connector/contract";
import type { ConnectionId, System } from "../domain/index.ts";

export interface Upkeep {
  life: {
    /** False: a person had paused it already, or there is nothing to pause. */
    pause(id: ConnectionId, who: string): Promise<boolean>;
    /** The state it goes on in. Throws OperatorError where it is not paused. */
    resume(id: ConnectionId): Promise<string>;
    previewDisconnect(id: ConnectionId): Promise<Omit<DisconnectPreview, "connectionId">>;
    /** Says how many organizations are still to be let go of; ends when the connection has ended. */
    disconnect(
      id: ConnectionId,
      options: { mode: "leave" | "clear" | "purge"; who: string },
    ): AsyncIterable<{ left: number } | { ended: { revoked: string[]; notRevoked: string[] } }>;
  };
  /** Asks both sides of a connection whether it can do its work. Nothing is written. */
  ping(id: ConnectionId): Promise<PingResult>;
  /** Through which of our clients the connection goes. No secret comes back. */
  clients: {
    show(id: ConnectionId): Promise<ClientsView>;
    /** Takes over with the next consent. Throws OperatorError where it cannot be used. */
    bring(id: ConnectionId, system: System, client: BroughtClient): Promise<ClientsView>;
    /** Throws OperatorError where the connection has brought none. */
    remove(id: ConnectionId, system: System): Promise<ClientsView>;
  };
  keys: {
    status(): Promise<KeysView>;
    /** A new key where the ring is our own file; then everything is sealed again with the first key of the ring. */
    rotate(): Promise<KeysRotated>;
    /** Throws OperatorError while something is sealed with it. */
    remove(kid: string): Promise<KeysView>;
  };
  alerts: {
    targets(): Promise<AlertTargets>;
    /** `to`: an e-mail address, or the address of the webhook. Throws OperatorError where it cannot be used. */
    add(target: Pick<AlertTargetView, "kind" | "least"> & { to: string }): Promise<AlertTargetAdded>;
    /** Throws OperatorError where there is none. */
    remove(id: number): Promise<AlertTargets>;
    /** Sends a test to every target, and waits until each has taken or refused it. */
    test(): Promise<AlertTest>;
  };
}
