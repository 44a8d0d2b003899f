import { transformFileSync } from '@swc/core';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Imports a TypeScript module of a workspace, and what it imports, from the sources: jest transforms test files only, and a
 * build may be older than the sources under test.
 */
export async function importFromSource(url) {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const fromSource = context.parentURL?.endsWith('.ts') && specifier.startsWith('.');
      return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, {
        ...context,
        conditions: [...context.conditions, 'source'],
      });
    },
    load(moduleUrl, context, next) {
      if (!moduleUrl.endsWith('.ts')) return next(moduleUrl, context);
      const { code } = transformFileSync(fileURLToPath(moduleUrl), { sourceMaps: 'inline' });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
  try {
    return await import(url.href);
  } finally {
    hooks.deregister();
  }
}
