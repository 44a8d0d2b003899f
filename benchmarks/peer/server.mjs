// PostGraphile 5 over the database of a running Tributary, as the same role and with the same setting of row-level security. It is told
// where the database is and whose workspace it shows, and says at what port it listens.
import { createServer } from 'node:http';
import process from 'node:process';
import { grafserv } from 'postgraphile/grafserv/node';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { makeJSONPgSmartTagsPlugin } from 'postgraphile/utils';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { DATABASE_URL: databaseUrl } = process.env;
const [workspaceId] = process.argv.slice(2);
// Relations that no foreign key of the tables says.
const relations = {
  asset_sighting: [
    '(workspace_id, flow_id) references flow (workspace_id, id)|@fieldName flow|@foreignFieldName sightings',
    '(workspace_id, asset_id) references asset (workspace_id, id)|@fieldName asset|@foreignFieldName sighting',
  ],
  alert: [
    '(workspace_id, flow_id) references flow (workspace_id, id)|@fieldName flow|@foreignFieldName alerts',
    '(workspace_id, asset_id) references asset (workspace_id, id)|@fieldName asset|@foreignFieldName alerts',
  ],
};
const classes = Object.entries(relations).map(([table, foreignKey]) => [`public.${table}`, { tags: { foreignKey } }]);
const smartTags = makeJSONPgSmartTagsPlugin({ version: 1, config: { class: Object.fromEntries(classes) } });
const pgl = postgraphile({
  plugins: [smartTags],
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: databaseUrl, schemas: ['public', 'peer'], pubsub: false })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false, context: () => ({ pgSettings: { role: 'app', 'app.workspace_id': workspaceId } }) },
});
const endpoint = pgl.createServ(grafserv);
// Between two rounds its client is silent for longer than Node's own patience.
const server = createServer({ keepAliveTimeout: 60_000 });
await endpoint.addTo(server);
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
