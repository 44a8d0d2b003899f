import { migrate, roleUrl } from '@tributary/data';
import type { TestDatabase } from '@tributary/kit';
import { installJobs, migrations, onCitus } from '@tributary/migrations';
import { CitusCluster } from '../citus/CitusCluster.ts';

/** The product's tables over a coordinator and two workers. */
export async function startCitus(): Promise<TestDatabase> {
  const name = 'tributary';
  const cluster = await CitusCluster.start(name);
  try {
    const superuserUrl = cluster.coordinator.url(name);
    const passwords = { migrator: 'migrator-of-the-net', app: 'app-of-the-net', worker: 'worker-of-the-net' };
    await migrate({
      ...{ adminUrl: superuserUrl, migrations, installJobs, passwords, engine: 'citus', onCitus, shards: 8 },
    });
    return {
      ...{ name, superuserUrl, passwords },
      migratorUrl: roleUrl(superuserUrl, 'migrator', passwords.migrator),
      appUrl: roleUrl(superuserUrl, 'app', passwords.app),
      workerUrl: roleUrl(superuserUrl, 'worker', passwords.worker),
      [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}
