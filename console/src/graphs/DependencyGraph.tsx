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
import { nodeHeight, nodeWidth, type Placed } from './layoutGraph';
import { say } from '../words/say';

/** An asset, or a group of them. */
export interface DrawnNode {
  readonly id: string;
  readonly name: string;
  /** Below the name. */
  readonly about: string;
  /** Colours its rim. */
  readonly criticality?: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** Beside the arrow. */
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** In pixels. Default 1.5. */
  readonly width?: number;
}

interface DependencyGraphProps {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** The one that it is about. */
  readonly focus?: string;
  readonly onOpen: (id: string) => void;
}

type CardNode = Node<{ drawn: DrawnNode; focus: boolean }, 'card'>;

const rims: Readonly<Record<string, string>> = {
  CRITICAL: 'border-l-bad',
  HIGH: 'border-l-warn',
  MEDIUM: 'border-l-busy',
};

function NodeCard({ data: { drawn, focus } }: NodeProps<CardNode>) {
  return (
    <div
      className={classes(
        'flex flex-col justify-center overflow-hidden rounded-md border border-l-4 border-line-strong bg-surface px-2.5 text-left text-ink',
        drawn.criticality && rims[drawn.criticality],
        focus && 'outline-2 outline-accent',
      )}
      style={{ width: nodeWidth, height: nodeHeight }}
    >
      <Handle type="target" position={Position.Left} className="!border-0 !bg-transparent" isConnectable={false} />
      <span className="truncate text-xs font-medium">{drawn.name}</span>
      <span className="truncate text-[11px] text-faint">{drawn.about}</span>
      <Handle type="source" position={Position.Right} className="!border-0 !bg-transparent" isConnectable={false} />
    </div>
  );
}

/** scripts/build-console.mjs bundles graphs/layout.worker.ts to here. */
const layoutWorker = '/console/layout.worker.js';
const nodeTypes = { card: NodeCard };

/** What depends on what: an arrow points at what is needed. Places are found in a worker. */
export function DependencyGraph({ nodes: drawn, edges, focus, onOpen }: DependencyGraphProps) {
  const places = useLayout(drawn, edges);
  const nodes = useMemo<CardNode[]>(() => {
    if (!places) return [];
    const byId = new Map(drawn.map((each) => [each.id, each]));
    return places.flatMap(({ id, x, y }) => {
      const node = byId.get(id);
      if (!node) return [];
      return [
        {
          id,
          type: 'card' as const,
          position: { x, y },
          data: { drawn: node, focus: id === focus },
          ariaLabel: `${node.name}, ${node.about}`,
          draggable: false,
          connectable: false,
          width: nodeWidth,
          height: nodeHeight,
        },
      ];
    });
  }, [places, drawn, focus]);
  const arrows = useMemo<Edge[]>(
    () =>
      edges.map(({ from, to, text, confidence, width = 1.5 }) => ({
        id: `${from} ${to} ${text}`,
        source: from,
        target: to,
        label: text,
        labelStyle: { fill: 'var(--faint)', fontSize: 10 },
        labelBgStyle: { fill: 'var(--surface)' },
        style: {
          stroke: 'var(--line-strong)',
          strokeWidth: width,
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
        {say('Drawing …')}
      </p>
    );
  return (
    <ReactFlow
      key={focus ?? drawn.length}
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
      aria-label={say('What depends on what')}
    >
      <Background color="var(--line)" />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

/** Null while the worker is at it. */
function useLayout(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): readonly Placed[] | null {
  const [places, setPlaces] = useState<readonly Placed[] | null>(null);
  useEffect(() => {
    const worker = new Worker(layoutWorker);
    const start = performance.now();
    worker.onmessage = ({ data }: MessageEvent<readonly Placed[]>) => {
      performance.measure('layout', { start });
      setPlaces(data);
    };
    worker.postMessage({ nodes: nodes.map(({ id }) => ({ id })), edges: edges.map(({ from, to }) => ({ from, to })) });
    return () => worker.terminate();
  }, [nodes, edges]);
  return places;
}
