// What a declaration is made with. Nothing here reads GraphQL's files: a process that only works behind the scenes needs none of them.
export { declareJob, defineSubgraph } from './defineSubgraph.js';
