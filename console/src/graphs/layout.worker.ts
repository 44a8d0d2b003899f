import { layoutGraph, type GraphEdge, type GraphNode } from './layoutGraph';

interface Order {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

self.onmessage = ({ data }: MessageEvent<Order>) => self.postMessage(layoutGraph(data.nodes, data.edges));
