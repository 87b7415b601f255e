// What an account's plan allows, asked by reading alone.
import { RemoteFailure, type Subdomain } from "../../domain/index.ts";
import type { AccountCalls } from "./calls.ts";

export interface AbilitySource {
  /** False where the plan has no custom objects, or the user or the token may not see them: Zendesk answers 403 or 404 alike. */
  hasCustomObjects(subdomain: Subdomain): Promise<boolean>;
}

export function createAbilitySource(calls: AccountCalls): AbilitySource {
  return {
    async hasCustomObjects(subdomain) {
      try {
        await calls.ask(subdomain, { operation: "ListCustomObjects", method: "GET", path: "custom_objects" });
        return true;
      } catch (failure) {
        if (failure instanceof RemoteFailure && (failure.status === 403 || failure.status === 404)) return false;
        throw failure;
      }
    },
  };
}
