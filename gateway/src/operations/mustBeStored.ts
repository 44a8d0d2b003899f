import { mayDo } from '@tributary/contracts/actions';
import type { Principal } from '@tributary/contracts/principal';
import type { GatewaySettings } from '../settings.js';

type StoredSettings = Pick<GatewaySettings, 'storedOperationsOnly' | 'keysStoredOnly'>;

/** Whether this caller may run nothing but stored operations. Null: nobody is signed in. */
export function mustBeStored(principal: Principal | null, settings: StoredSettings): boolean {
  if (settings.storedOperationsOnly) return true;
  return settings.keysStoredOnly && principal?.actor.kind === 'apiKey' && !mayDo(principal, 'operation.any');
}
