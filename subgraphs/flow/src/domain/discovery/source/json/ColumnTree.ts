import { excerpt } from '../../rejectRow.js';
import { sourceLimits } from '../../sourceLimits.js';

export interface ColumnNode {
  readonly path: string;
  index: number;
  readonly children: Map<string, ColumnNode>;
}

/** Numbers the dotted paths of a JSON source in order of appearance, up to the limit of columns. */
export class ColumnTree {
  readonly names: string[] = [];
  readonly root: ColumnNode = { path: '', index: -1, children: new Map() };
  private readonly taken = new Set<string>();
  private nodes = 0;

  /** Gives a name the next column; the paths of records take others. */
  reserve(name: string): void {
    this.names.push(name);
    this.taken.add(name);
  }

  child(parent: ColumnNode, key: string): ColumnNode {
    const known = parent.children.get(key);
    if (known !== undefined) return known;
    const name = excerpt(key);
    const node = {
      path: parent.path === '' ? name : `${parent.path}.${name}`,
      index: -1,
      children: new Map<string, ColumnNode>(),
    };
    // Past the limit, paths are made for the moment and forgotten: keys that never repeat must not grow the tree.
    if (this.nodes < sourceLimits.columns * 4) {
      this.nodes += 1;
      parent.children.set(key, node);
    }
    return node;
  }

  /** The column of a path, or -1 when all are used up. */
  columnOf(node: ColumnNode): number {
    if (node.index === -1 && this.names.length < sourceLimits.columns && !this.taken.has(node.path)) {
      node.index = this.names.length;
      this.names.push(node.path);
      this.taken.add(node.path);
    }
    return node.index;
  }
}
