'use client';
import '@xyflow/react/dist/style.css';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { classes } from '../ui/classes';
import { label } from '../words/format';
import { nodeHeight, nodeWidth, type Placed } from './layoutGraph';

export interface DrawnAsset {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly criticality: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  /** 0 to 1. */
  readonly confidence: number;
}

interface DependencyGraphProps {
  readonly assets: readonly DrawnAsset[];
  readonly edges: readonly DrawnEdge[];
  /** The asset in the middle. */
  readonly focus: string;
  readonly onOpen: (id: string) => void;
}

type AssetNode = Node<{ asset: DrawnAsset; focus: boolean }, 'asset'>;

const rims: Readonly<Record<string, string>> = {
  CRITICAL: 'border-l-bad',
  HIGH: 'border-l-warn',
  MEDIUM: 'border-l-busy',
};

function AssetCard({ data: { asset, focus } }: NodeProps<AssetNode>) {
  return (
    <div
      className={classes(
        'flex flex-col justify-center overflow-hidden rounded-md border border-l-4 border-line-strong bg-surface px-2.5 text-left text-ink',
        rims[asset.criticality],
        focus && 'outline-2 outline-accent',
      )}
      style={{ width: nodeWidth, height: nodeHeight }}
    >
      <Handle type="target" position={Position.Left} className="!border-0 !bg-transparent" isConnectable={false} />
      <span className="truncate text-xs font-medium">{asset.name}</span>
      <span className="truncate text-[11px] text-faint">{label(asset.kind)}</span>
      <Handle type="source" position={Position.Right} className="!border-0 !bg-transparent" isConnectable={false} />
    </div>
  );
}

/** scripts/build-console.mjs bundles graphs/layout.worker.ts to here. */
const layoutWorker = '/console/layout.worker.js';
const nodeTypes = { asset: AssetCard };

/** What depends on what: an arrow points at what is needed. Places are found in a worker. */
export function DependencyGraph({ assets, edges, focus, onOpen }: DependencyGraphProps) {
  const places = useLayout(assets, edges);
  const nodes = useMemo<AssetNode[]>(() => {
    if (!places) return [];
    const byId = new Map(assets.map((asset) => [asset.id, asset]));
    return places.flatMap(({ id, x, y }) => {
      const asset = byId.get(id);
      if (!asset) return [];
      return [
        {
          id,
          type: 'asset' as const,
          position: { x, y },
          data: { asset, focus: id === focus },
          ariaLabel: `${asset.name}, ${label(asset.kind)}`,
          draggable: false,
          connectable: false,
          width: nodeWidth,
          height: nodeHeight,
        },
      ];
    });
  }, [places, assets, focus]);
  const arrows = useMemo<Edge[]>(
    () =>
      edges.map(({ from, to, kind, confidence }) => ({
        id: `${from} ${to} ${kind}`,
        source: from,
        target: to,
        label: kind.toLowerCase().replaceAll('_', ' '),
        labelStyle: { fill: 'var(--faint)', fontSize: 10 },
        labelBgStyle: { fill: 'var(--surface)' },
        style: {
          stroke: 'var(--line-strong)',
          strokeWidth: 1.5,
          ...(confidence < 0.8 ? { strokeDasharray: '5 4' } : {}),
        },
        markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--line-strong)' },
        focusable: false,
      })),
    [edges],
  );
  if (!places)
    return (
      <p role="status" className="grid h-full place-items-center text-sm text-faint">
        Drawing …
      </p>
    );
  return (
    <ReactFlow
      key={focus}
      nodes={nodes}
      edges={arrows}
      nodeTypes={nodeTypes}
      onNodeClick={(_event, { id }) => onOpen(id)}
      fitView
      fitViewOptions={{ maxZoom: 1.1, padding: 0.12 }}
      minZoom={0.1}
      nodesConnectable={false}
      elementsSelectable={false}
      proOptions={{ hideAttribution: true }}
      aria-label="What depends on what"
    >
      <Background color="var(--line)" />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

/** Null while the worker is at it. */
function useLayout(nodes: readonly DrawnAsset[], edges: readonly DrawnEdge[]): readonly Placed[] | null {
  const [places, setPlaces] = useState<readonly Placed[] | null>(null);
  useEffect(() => {
    const worker = new Worker(layoutWorker);
    worker.onmessage = ({ data }: MessageEvent<readonly Placed[]>) => setPlaces(data);
    worker.postMessage({ nodes: nodes.map(({ id }) => ({ id })), edges: edges.map(({ from, to }) => ({ from, to })) });
    return () => worker.terminate();
  }, [nodes, edges]);
  return places;
}
