// What keeps the service going, as the commands need it: keys. Boot builds it.
import type { KeysRotated, KeysView } from "@ml-connector/contract";

export interface Upkeep {
  keys: {
    status(): Promise<KeysView>;
    /** A new key where the ring is our own file; then everything is sealed again with the first key of the ring. */
    rotate(): Promise<KeysRotated>;
    /** Throws OperatorError while something is sealed with it. */
    remove(kid: string): Promise<KeysView>;
  };
}
