import { layoutGraph, type Flow, type GraphEdge, type GraphNode } from './layoutGraph';

interface Order {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly flow: Flow;
  readonly aspect: number;
}

self.onmessage = ({ data }: MessageEvent<Order>) => self.postMessage(layoutGraph(data.nodes, data.edges, data));
