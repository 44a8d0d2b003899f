import { attackEntities } from './attackEntities.ts';
import { attackLive } from './attackLive.ts';
import { attackMutations } from './attackMutations.ts';
import { attackQueries } from './attackQueries.ts';
import { attackCommands } from './attackRoutes.ts';
import type { Net } from './Net.ts';
import { withoutPolicies } from './withoutPolicies.ts';

/** Takes row-level security away for a while: what every statement says of the workspace must hold alone. */
export async function attackWithoutPolicies(net: Net): Promise<void> {
  await withoutPolicies(net, async () => {
    // Before mutations make A's streams longer than anybody's.
    await attackLive(net);
    await attackQueries(net, 0);
    await attackEntities(net);
    await attackMutations(net, 0);
    await attackCommands(net);
  });
}
