import dagre from '@dagrejs/dagre';

export interface GraphNode {
  readonly id: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** What depends stands left of what it depends on, or above it. */
export type Flow = 'right' | 'down';

export interface Placed {
  readonly id: string;
  /** Of the upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export const nodeWidth = 206;
export const nodeHeight = 48;
const gap = 20;

/** Places nodes by what depends on what, and those that nothing ties to others in rows below. `aspect`: width by height of where they are shown. */
export function layoutGraph(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  { flow, aspect }: { readonly flow: Flow; readonly aspect: number },
): Placed[] {
  const ties = edges.filter(({ from, to }) => from !== to);
  const tied = new Set(ties.flatMap(({ from, to }) => [from, to]));
  const placed = byDependency(
    nodes.filter(({ id }) => tied.has(id)),
    ties,
    flow,
  );
  const free = nodes.filter(({ id }) => !tied.has(id));
  const bottom = placed.length === 0 ? 0 : Math.max(...placed.map(({ y }) => y)) + nodeHeight + 2 * gap;
  const right = placed.length === 0 ? 0 : Math.max(...placed.map(({ x }) => x)) + nodeWidth;
  return [...placed, ...inRows(free, { bottom, right, aspect })];
}

function byDependency(nodes: readonly GraphNode[], edges: readonly GraphEdge[], flow: Flow): Placed[] {
  if (nodes.length === 0) return [];
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: flow === 'right' ? 'LR' : 'TB', nodesep: gap, ranksep: 60 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  return nodes.map(({ id }) => {
    const { x, y } = graph.node(id) as { x: number; y: number };
    return { id, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  });
}

/** As many columns as make a picture of about that form; below a drawing no fewer than are as wide as it. */
function inRows(
  nodes: readonly GraphNode[],
  { bottom, right, aspect }: { readonly bottom: number; readonly right: number; readonly aspect: number },
): Placed[] {
  const [width, height] = [nodeWidth + gap, nodeHeight + gap];
  const square = Math.round(Math.sqrt((nodes.length * aspect * height) / width));
  const columns = Math.max(1, square, Math.floor((right + gap) / width));
  return nodes.map(({ id }, index) => ({
    id,
    x: (index % columns) * width,
    y: bottom + Math.floor(index / columns) * height,
  }));
}
