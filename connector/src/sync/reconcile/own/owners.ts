import type { Subdomain } from "../../../domain/index.ts";
import { OwnerStops } from "../deliver/job-poller.ts";
import { LostOwnership } from "../ports.ts";
import { ownAccount } from "./own-account.ts";
import type { Owner, ReconcilePorts } from "./owner.ts";

/** The owners of this process, by account: the job starts one, a wake-up reaches it. */
export function createOwners(ports: ReconcilePorts): {
  own(subdomain: Subdomain, signal: AbortSignal): Promise<void>;
  /** False: no owner of the account is in this process. */
  wake(subdomain: Subdomain): boolean;
} {
  const owners = new Map<Subdomain, Owner>();
  return {
    async own(subdomain, signal) {
      let mine: Owner | undefined;
      try {
        await ownAccount(ports, subdomain, signal, (owner) => {
          mine = owner;
          owners.set(subdomain, owner);
        });
      } catch (fault) {
        // Somebody else owns the account now, and has everything that it needs: nothing of ours is missing.
        if (!(fault instanceof LostOwnership || fault instanceof OwnerStops)) throw fault;
      } finally {
        if (mine !== undefined && owners.get(subdomain) === mine) owners.delete(subdomain);
      }
    },
    wake(subdomain) {
      const owner = owners.get(subdomain);
      owner?.wake();
      return owner !== undefined;
    },
  };
}
