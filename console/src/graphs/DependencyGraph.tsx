'use client';
import '@xyflow/react/dist/style.css';
import {
  Background,
  Controls,
  getViewportForBounds,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
  type Viewport,
} from '@xyflow/react';
import { memo, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { classes } from '../ui/classes';
import { nodeHeight, nodeWidth, type Flow, type Placed } from './layoutGraph';
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

type CardNode = Node<{ drawn: DrawnNode; focus: boolean; flow: Flow }, 'card'>;

const rims: Readonly<Record<string, string>> = {
  CRITICAL: 'border-l-bad',
  HIGH: 'border-l-warn',
  MEDIUM: 'border-l-busy',
};

const sides = {
  right: { in: Position.Left, out: Position.Right },
  down: { in: Position.Top, out: Position.Bottom },
} as const;

function NodeCard({ data: { drawn, focus, flow } }: NodeProps<CardNode>) {
  return (
    <div
      className={classes(
        'flex flex-col justify-center overflow-hidden rounded-md border border-l-4 border-line-strong bg-surface px-2.5 text-left text-ink',
        drawn.criticality && rims[drawn.criticality],
        focus && 'outline-2 outline-accent',
      )}
      style={{ width: nodeWidth, height: nodeHeight }}
    >
      <Handle type="target" position={sides[flow].in} className="!border-0 !bg-transparent" isConnectable={false} />
      <span className="truncate text-[12px] leading-tight font-medium">{drawn.name}</span>
      <span className="truncate text-[11px] leading-snug text-faint">{drawn.about}</span>
      <Handle type="source" position={sides[flow].out} className="!border-0 !bg-transparent" isConnectable={false} />
    </div>
  );
}

/** scripts/build-console.mjs bundles graphs/layout.worker.ts to here. */
const layoutWorker = '/console/layout.worker.js';
const nodeTypes = { card: memo(NodeCard) };
/** So many cards come with each picture: the page answers in between, however large the drawing. */
const cardsAtOnce = 24;
const minZoom = 0.1;
/** What is smaller cannot be read: then a part is shown, and the rest is a drag away. */
const legibleZoom = 0.45;
const margin = 16;
/** With more arrows than this nobody can tell which text belongs to which. */
const mostTexts = 80;

/** What depends on what: an arrow points at what is needed. Places are found in a worker. */
export function DependencyGraph({ nodes: drawn, edges, focus, onOpen }: DependencyGraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const layout = useLayout(drawn, edges, room);
  const nodes = useMemo<CardNode[]>(() => {
    if (!layout) return [];
    const { places, flow } = layout;
    const byId = new Map(drawn.map((each) => [each.id, each]));
    return places.flatMap(({ id, x, y }) => {
      const node = byId.get(id);
      if (!node) return [];
      return [
        {
          id,
          type: 'card' as const,
          position: { x, y },
          data: { drawn: node, focus: id === focus, flow },
          ariaLabel: `${node.name}, ${node.about}`,
          draggable: false,
          connectable: false,
          width: nodeWidth,
          height: nodeHeight,
        },
      ];
    });
  }, [layout, drawn, focus]);
  const grown = useGrowing(nodes);
  const arrows = useMemo<Edge[]>(
    () =>
      edges.map(({ from, to, text, confidence, width = 1.5 }) => ({
        id: `${from} ${to} ${text}`,
        source: from,
        target: to,
        ...(edges.length > mostTexts ? {} : { label: text }),
        labelStyle: { fill: 'var(--faint)', fontSize: 10 },
        labelBgStyle: { fill: 'var(--surface)' },
        style: {
          stroke: 'var(--line-strong)',
          strokeWidth: width,
          ...(confidence < 0.8 ? { strokeDasharray: '5 4' } : {}),
        },
        markerEnd: {
          type: MarkerType.ArrowClosed,
          color: 'var(--line-strong)',
          // Else a broad arrow would have a head larger than what it points at.
          markerUnits: 'userSpaceOnUse',
          width: 18,
          height: 18,
        },
        focusable: false,
      })),
    [edges],
  );
  const reached = useMemo(() => {
    const shown = new Set(grown.map(({ id }) => id));
    return arrows.filter(({ source, target }) => shown.has(source) && shown.has(target));
  }, [arrows, grown]);
  if (!layout)
    return (
      <div ref={room} role="status" className="grid h-full place-items-center text-sm text-faint">
        {say('Drawing …')}
      </div>
    );
  return (
    <ReactFlow
      key={focus ?? drawn.length}
      ref={frame}
      nodes={grown}
      edges={reached}
      nodeTypes={nodeTypes}
      onNodeClick={(_event, { id }) => onOpen(id)}
      onInit={(flow) => void flow.setViewport(firstView(layout.places, frame.current, focus))}
      minZoom={minZoom}
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

/** All places, whichever of them are drawn yet; where they would be too small to read, those around the focus, else the first ones. */
function firstView(places: readonly Placed[], frame: HTMLDivElement | null, focus: string | undefined): Viewport {
  const all = viewOfAll(places, frame);
  if (all.zoom >= legibleZoom) return all;
  const [width, height] = [frame?.clientWidth ?? 0, frame?.clientHeight ?? 0];
  const at = places.find(({ id }) => id === focus);
  if (at)
    return {
      x: width / 2 - (at.x + nodeWidth / 2) * legibleZoom,
      y: height / 2 - (at.y + nodeHeight / 2) * legibleZoom,
      zoom: legibleZoom,
    };
  const [left, top] = [Math.min(...places.map(({ x }) => x)), Math.min(...places.map(({ y }) => y))];
  return { x: margin - left * legibleZoom, y: margin - top * legibleZoom, zoom: legibleZoom };
}

function viewOfAll(places: readonly Placed[], frame: HTMLDivElement | null): Viewport {
  const [left, top] = [Math.min(...places.map(({ x }) => x)), Math.min(...places.map(({ y }) => y))];
  const bounds = {
    x: left,
    y: top,
    width: Math.max(...places.map(({ x }) => x)) + nodeWidth - left,
    height: Math.max(...places.map(({ y }) => y)) + nodeHeight - top,
  };
  return getViewportForBounds(bounds, frame?.clientWidth ?? 0, frame?.clientHeight ?? 0, minZoom, 1.1, 0.05);
}

/** The first of them, and more with each picture, until it is all. */
function useGrowing<Item>(items: readonly Item[]): Item[] {
  const [shown, setShown] = useState(cardsAtOnce);
  useEffect(() => setShown(cardsAtOnce), [items]);
  useEffect(() => {
    if (shown >= items.length) return;
    const frame = requestAnimationFrame(() => setShown(shown + cardsAtOnce));
    return () => cancelAnimationFrame(frame);
  }, [shown, items]);
  return useMemo(() => items.slice(0, shown), [items, shown]);
}

/** Null while the worker is at it. */
function useLayout(
  nodes: readonly DrawnNode[],
  edges: readonly DrawnEdge[],
  room: RefObject<HTMLDivElement | null>,
): { readonly places: readonly Placed[]; readonly flow: Flow } | null {
  const [layout, setLayout] = useState<{ readonly places: readonly Placed[]; readonly flow: Flow } | null>(null);
  const form = useRef<{ readonly flow: Flow; readonly aspect: number }>({ flow: 'right', aspect: 2 });
  useEffect(() => {
    // Taken while there is no drawing yet: what is drawn anew keeps its form.
    if (room.current?.clientHeight) {
      const aspect = room.current.clientWidth / room.current.clientHeight;
      form.current = { flow: aspect < 1 ? 'down' : 'right', aspect };
    }
    const worker = new Worker(layoutWorker);
    const start = performance.now();
    worker.onmessage = ({ data }: MessageEvent<readonly Placed[]>) => {
      performance.measure('layout', { start });
      setLayout({ places: data, flow: form.current.flow });
    };
    worker.postMessage({
      nodes: nodes.map(({ id }) => ({ id })),
      edges: edges.map(({ from, to }) => ({ from, to })),
      ...form.current,
    });
    return () => worker.terminate();
  }, [nodes, edges, room]);
  return layout;
}
