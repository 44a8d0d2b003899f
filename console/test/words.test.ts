import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildSchema, isEnumType } from 'graphql';
import ts from 'typescript';
import { de, deNames } from '../src/words/de';
import { label } from '../src/words/format';
import { speak } from '../src/words/language';
import { say, type Text } from '../src/words/say';

const root = join(import.meta.dirname, '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !/generated|words.de\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const placesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();

afterEach(() => speak('en'));

describe('the two catalogues', () => {
  test.each(Object.entries(de))('%p keeps its places for values', (english, german) => {
    expect(placesIn(german)).toEqual(placesIn(english));
    expect(german).not.toBe('');
  });

  test('hold no text that nobody says', () => {
    const all = sources.map(({ text }) => text).join('\n');
    const unsaid = Object.keys(de).filter(
      (text) => ![`'${text}'`, `"${text}"`, `\`${text}\``].some((literal) => all.includes(literal)),
    );
    expect(unsaid).toEqual([]);
  });

  test('have a name for every value of the graph that people see', () => {
    const schema = buildSchema(readFileSync(join(root, '..', 'schema', 'api.graphql'), 'utf8'));
    const seen = [
      'FlowStatus',
      'FlowPhaseStatus',
      'AssetKind',
      'AssetStatus',
      'AssetDimension',
      'Criticality',
      'AlertSeverity',
      'AlertStatus',
      'AlertResolvedReason',
      'AlertDimension',
      'AlertInstanceState',
      'MappingStatus',
      'MetricDimension',
      'Role',
      'RuleHealthStatus',
      'TraceStatus',
      'WebhookFormat',
      'WebhookOrdering',
      'WebhookSigning',
    ];
    const nameless = seen.flatMap((name) => {
      const type = schema.getType(name);
      if (!isEnumType(type)) throw new Error(`The graph has no enum ${name} any more.`);
      return type
        .getValues()
        .map((value) => value.name)
        .filter((value) => !(value in deNames));
    });
    expect(nameless).toEqual([]);
  });
});

test('a text is said in the language that was chosen, with its values', async () => {
  expect(say('Request {requestId}', { requestId: 7 })).toBe('Request 7');
  expect(label('NETWORK_DEVICE')).toBe('Network device');
  await speak('de');
  expect(say('Request {requestId}', { requestId: 7 })).toBe(de['Request {requestId}'].replace('{requestId}', '7'));
  expect(say('Save' satisfies Text)).toBe(de.Save);
  expect(label('NETWORK_DEVICE')).toBe(deNames['NETWORK_DEVICE']);
});

/** Names of things, the same in every language. */
const sameEverywhere = new Set([
  'GraphiQL',
  'English',
  'Deutsch',
  'Ctrl K',
  'Tributary',
  'ingestTraces',
  'https://wiki.example/runbooks/errors',
  'https://desk.example.com/hooks/tributary',
  'CRITICAL, WARNING',
  'OK',
  'OpenID Connect',
  'Standard Webhooks',
  'Alertmanager',
]);

/** Attributes that people read or hear. */
const shownAttributes = new Set([
  'aria-label',
  'label',
  'title',
  'placeholder',
  'hint',
  'description',
  'about',
  'aside',
]);

/** Texts that an expression may come to: those of `open ? 'yes' : 'no'`, `name ?? 'none'` and `late && 'late'`. */
function textsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text.trim()];
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression);
  if (ts.isConditionalExpression(expression))
    return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  const chooses = [
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.AmpersandAmpersandToken,
  ];
  if (ts.isBinaryExpression(expression) && chooses.includes(expression.operatorToken.kind))
    return textsOf(expression.right);
  return [];
}

/** Texts between tags and in attributes that stand there as they are. */
function unsaidIn({ file, text }: (typeof sources)[number]): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) found.push(node.text.trim());
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression)
      found.push(...textsOf(node.expression));
    if (
      ts.isJsxAttribute(node) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      shownAttributes.has(node.name.getText())
    )
      found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found
    .filter((words) => /[A-Za-z]{2}/.test(words) && !sameEverywhere.has(words))
    .map((words) => `${file.slice(root.length + 1)}: ${words}`);
}

test('no page writes a text past the catalogues', () => {
  expect(sources.filter(({ file }) => file.endsWith('.tsx')).flatMap(unsaidIn)).toEqual([]);
});
