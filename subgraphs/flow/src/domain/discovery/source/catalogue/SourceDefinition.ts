import { z } from 'zod';
import { assetKinds, dependencyKinds, type DependencyKind } from '@tributary/contracts/values';
import { findMappingTarget, type TargetField } from '../../mapping/mappingTargets.js';
import { headingKey } from './headingKey.js';
import { PathExpression } from './PathExpression.js';

const path = z.string().min(1).max(300);
const paths = z.union([path, z.array(path).min(1).max(10)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const takes = ['afterLastSlash', 'beforeColon', 'firstLabel', 'domain'] as const;

const fieldRule = z.union([
  paths,
  z.strictObject({
    /** Where the value is: the first of the paths that has one. */
    from: paths.optional(),
    /** What the source's words mean here; compared without case. */
    map: z.record(z.string(), scalar).optional(),
    /** For words that are not in the map; without it they stay as they are. */
    otherwise: scalar.optional(),
    /** The same for every record. */
    always: scalar.optional(),
    take: z.enum(takes).optional(),
  }),
]);

const evidence = z.strictObject({
  all: z.array(path).max(20).default([]),
  any: z.array(path).max(20).default([]),
  values: z.record(path, z.array(scalar)).default({}),
});

/** What stands in a definition file. */
const definitionFile = z.strictObject({
  name: z.string().min(1).max(100),
  /** Where the export comes from: a command or a menu, for the reference. */
  from: z.string().max(300).default(''),
  /** `table`: rows of CSV or of a sheet, whose fields are columns. `tree`: JSON, YAML or XML. */
  form: z.enum(['table', 'tree']),
  recognise: evidence,
  /** Of the whole document around the records. */
  document: evidence.optional(),
  records: paths.default('.'),
  /** Records that are no assets: those that have one of the values. `*_rule` is whatever ends so, `random_*` whatever begins so. */
  leaveOut: z.record(path, z.array(scalar)).default({}),
  fields: z.record(z.string(), fieldRule),
  edges: z
    .array(
      z.strictObject({
        to: paths,
        kind: z.enum(dependencyKinds),
        toKind: z.enum(assetKinds).optional(),
        take: z.enum(takes).optional(),
      }),
    )
    .max(20)
    .default([]),
  /** Edges that stand in a list of their own, by the records’ ids. */
  links: z.strictObject({ list: path, from: path, to: paths, by: path, kind: z.enum(dependencyKinds) }).optional(),
  /** Names are unique within it only. */
  scope: paths.optional(),
});

export interface Evidence {
  readonly all: readonly PathExpression[];
  readonly any: readonly PathExpression[];
  readonly values: readonly { readonly path: PathExpression; readonly values: ReadonlySet<string> }[];
}

/** Values, in lower case, of records that are no assets. */
export interface LeftOut {
  readonly path: PathExpression;
  readonly values: ReadonlySet<string>;
  readonly beginnings: readonly string[];
  readonly endings: readonly string[];
}

export type Take = (typeof takes)[number];

export interface FieldRule {
  readonly target: TargetField;
  readonly from: readonly PathExpression[];
  readonly map: ReadonlyMap<string, string> | null;
  readonly otherwise: string | null;
  readonly always: string | null;
  readonly take: Take | null;
}

export interface EdgeRule {
  readonly to: readonly PathExpression[];
  readonly kind: DependencyKind;
  readonly toKind: string | null;
  readonly take: Take | null;
}

/** A format of exports that we know, compiled. */
export interface SourceDefinition {
  /** `kubernetes-objects`: the name of its file; the public id of a workspace's own. */
  readonly id: string;
  readonly name: string;
  readonly from: string;
  /** What a workspace wrote; null for those that come with the product. */
  readonly content: string | null;
  readonly form: 'table' | 'tree';
  readonly recognise: Evidence;
  readonly document: Evidence | null;
  readonly records: readonly PathExpression[];
  readonly leaveOut: readonly LeftOut[];
  readonly fields: readonly FieldRule[];
  readonly edges: readonly EdgeRule[];
  readonly links: {
    readonly list: PathExpression;
    readonly from: PathExpression;
    readonly to: readonly PathExpression[];
    readonly by: PathExpression;
    readonly kind: DependencyKind;
  } | null;
}

/** Checks and compiles what a file or a person says. Throws with what is wrong and where. `goOn` is called whenever one of its paths is walked. */
export function compileDefinition(
  id: string,
  said: unknown,
  content: string | null = null,
  goOn: (() => void) | null = null,
): SourceDefinition {
  const read = definitionFile.safeParse(said);
  if (!read.success) throw new Error(`The definition ${id} is not valid: ${z.prettifyError(read.error)}`);
  const file = read.data;
  // Columns have names with dots and brackets: they are names, compared by their letters, not paths.
  const compile = (text: string): PathExpression =>
    file.form === 'table'
      ? new PathExpression(JSON.stringify(headingKey(text)), text, goOn)
      : new PathExpression(text, text, goOn);
  const compileAll = (given: string | readonly string[]): PathExpression[] =>
    (typeof given === 'string' ? [given] : given).map(compile);
  const evidenceOf = (given: z.infer<typeof evidence>): Evidence => ({
    all: given.all.map(compile),
    any: given.any.map(compile),
    values: valuesOf(given.values),
  });
  const valuesOf = (given: Readonly<Record<string, readonly string[]>>): Evidence['values'] =>
    Object.entries(given).map(([text, values]) => ({
      path: compile(text),
      values: new Set(values.map((value) => value.toLowerCase())),
    }));
  const fields = Object.entries(file.fields).map(([target, rule]): FieldRule => {
    if (findMappingTarget(target) === null) throw new Error(`The definition ${id} names no field of ours: ${target}.`);
    const long = typeof rule === 'string' || Array.isArray(rule) ? { from: rule } : rule;
    if (long.from === undefined && long.always === undefined)
      throw new Error(`The definition ${id} does not say where ${target} is: give from or always.`);
    return {
      target: target as TargetField,
      from: long.from === undefined ? [] : compileAll(long.from),
      map: long.map ? new Map(Object.entries(long.map).map(([word, value]) => [word.toLowerCase(), value])) : null,
      otherwise: long.otherwise ?? null,
      always: long.always ?? null,
      take: long.take ?? null,
    };
  });
  if (file.scope !== undefined)
    fields.push({
      target: 'scope',
      from: compileAll(file.scope),
      map: null,
      otherwise: null,
      always: null,
      take: null,
    });
  const { links } = file;
  return {
    id,
    name: file.name,
    from: file.from,
    content,
    form: file.form,
    recognise: evidenceOf(file.recognise),
    document: file.document ? evidenceOf(file.document) : null,
    records: (typeof file.records === 'string' ? [file.records] : file.records).map(
      (text) => new PathExpression(text, text, goOn),
    ),
    leaveOut: valuesOf(file.leaveOut).map(leftOut),
    fields,
    edges: file.edges.map(({ to, kind, toKind, take }) => ({
      to: compileAll(to),
      kind,
      toKind: toKind ?? null,
      take: take ?? null,
    })),
    links: links
      ? {
          list: compile(links.list),
          from: compile(links.from),
          to: compileAll(links.to),
          by: compile(links.by),
          kind: links.kind,
        }
      : null,
  };
}

function leftOut({ path, values }: Evidence['values'][number]): LeftOut {
  const begins = [...values].filter((value) => value.length > 1 && value.endsWith('*'));
  const ends = [...values].filter((value) => value.length > 1 && value.startsWith('*'));
  return {
    path,
    values,
    beginnings: begins.map((value) => value.slice(0, -1)),
    endings: ends.map((value) => value.slice(1)),
  };
}
