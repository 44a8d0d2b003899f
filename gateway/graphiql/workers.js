// Monaco runs its languages in workers; build-graphiql.mjs names their files.
const files = { json: __JSON_WORKER__, graphql: __GRAPHQL_WORKER__ };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(files[label] ?? __EDITOR_WORKER__),
};
