import { BREAK, visit, type ASTNode, type DocumentNode } from 'graphql';

/** The argument, variable or input field whose value `node` is or belongs to, such as `input.tags.0`; null when it stands elsewhere. */
export function placeOfNode(document: DocumentNode, node: ASTNode): string | null {
  let place: string | null = null;
  visit(document, {
    enter(entered, _key, parent, _path, ancestors) {
      if (entered !== node) return undefined;
      place = placeOf([...ancestors, ...(parent ? [parent] : []), entered]);
      return BREAK;
    },
  });
  return place;
}

type Step = ASTNode | readonly ASTNode[];

function placeOf(steps: readonly Step[]): string | null {
  const names: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (!('kind' in step)) continue;
    if (step.kind === 'Argument' || step.kind === 'ObjectField') names.push(step.name.value);
    else if (step.kind === 'VariableDefinition') names.push(step.variable.name.value);
    else if (step.kind === 'ListValue') {
      const item = steps[index + 2];
      if (item && 'kind' in item) names.push(String(step.values.findIndex((value) => value === item)));
    }
  }
  return names.length > 0 ? names.join('.') : null;
}
