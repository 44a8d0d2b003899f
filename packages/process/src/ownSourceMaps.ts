import { setSourceMapsSupport } from 'node:module';

// Loaded before everything else (`node --import`): errors name lines of our sources. The maps of what npm brings stay unread:
// `--enable-source-maps` keeps them all, sources included, which is 20 MB in each thread and a fifth of the CPU of a start.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
