// PostGraphile 5 over the database of a running Tributary, as the same role and with the same setting of row-level security. It is told
// where the database is and whose workspace it shows, and says at what port it listens.
import { createServer } from 'node:http';
import process from 'node:process';
import { grafserv } from 'postgraphile/grafserv/node';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { DATABASE_URL: databaseUrl } = process.env;
const [workspaceId] = process.argv.slice(2);
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public'], pubsub: false })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false, context: () => ({ pgSettings: { role: 'app', 'app.workspace_id': workspaceId } }) },
});
const endpoint = pgl.createServ(grafserv);
// Between two rounds its client is silent for longer than Node's own patience.
const server = createServer({ keepAliveTimeout: 60_000 });
await endpoint.addTo(server);
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
