import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { buildASTSchema, parse, visit } from 'graphql';
import { readGraphFacts } from '../src/operations/GraphFacts.js';

const file = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const supergraph = parse(readFileSync(file, 'utf8'));
const factsOf = (document: typeof supergraph) =>
  readGraphFacts(document, buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }));

describe('what the supergraph says about its fields', () => {
  test('is all that the gateway knows of the product', () => {
    const { ingest, perViewer, maxItems, sizedFields } = factsOf(supergraph);
    expect([...ingest]).toEqual(['Mutation.ingestTraces']);
    expect([...perViewer]).toEqual(['Viewer']);
    expect(Object.fromEntries(maxItems)).toEqual({
      'AcknowledgeAlertsInput.ids': 250,
      'AlertMatcherInput.values': 250,
      'AlertRouteInput.groupBy': 10,
      'AlertRouteInput.matchers': 20,
      'AlertRouteInput.steps': 5,
      'ApproveFieldMappingsInput.mappings': 10_000,
      'CreateAlertSilenceInput.matchers': 20,
      'EscalationStepInput.channelIds': 10,
      'IngestTracesInput.traces': 1_000,
      'ResolveAlertsInput.ids': 250,
      'SetAlertRoutesInput.routes': 50,
    });
    expect(sizedFields.has('AssetConnection.nodes')).toBe(true);
  });

  test('tells for every field with a page how long that may be', () => {
    const { listSizes } = factsOf(supergraph);
    const unsaid: string[] = [];
    visit(supergraph, {
      ObjectTypeDefinition: ({ name, fields = [] }) => {
        for (const field of fields) {
          const coordinate = `${name.value}.${field.name.value}`;
          const pages = field.arguments?.some((argument) => argument.name.value === 'first');
          if (pages && !listSizes.get(coordinate)?.slicingArguments.includes('first')) unsaid.push(coordinate);
        }
      },
    });
    expect(unsaid).toEqual([]);
    expect(listSizes.size).toBeGreaterThan(20);
  });

  test.each([
    ['Mutation.ingestTraces', 'ingest'],
    ['Viewer', 'perViewer'],
    ['IngestTracesInput.traces', 'maxItems'],
    ['ApproveFieldMappingsInput.mappings', 'maxItems'],
  ])('is missed: without its directive, %s is not served', (coordinate, directive) => {
    const without = visit(supergraph, {
      Directive: ({ name }, _key, _parent, _path, ancestors) => {
        if (name.value !== directive) return undefined;
        const names = ancestors.flatMap((each) =>
          'name' in each && each.name?.kind === 'Name' && each.kind !== 'DirectiveDefinition' ? [each.name.value] : [],
        );
        return names.join('.') === coordinate ? null : undefined;
      },
    });
    expect(() => factsOf(without)).toThrow(`${coordinate} without @${directive}`);
  });
});
