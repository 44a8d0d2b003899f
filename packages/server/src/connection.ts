import { Field, Int, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import type { Page } from '@tributary/data';
import { PageInfo, pageInfoOf, streamPageInfo } from './PageInfo.js';
import type { StreamPageValue } from './PageInfo.js';
import { CursorScalar } from './scalars.js';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface ConnectionValue<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  /** Counts all items; called only when a client selects totalCount. */
  readonly count?: () => Promise<number | null>;
}

/** The Relay connection and edge types of a node type: `<name>Connection` and `<name>Edge`. */
export function connectionType<Node extends object>(
  node: () => ClassType<Node>,
  name: string,
): ClassType<ConnectionValue<Node>> {
  const Page = pageFields(node, name);

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class NodeConnection extends Page {}
  return NodeConnection as ClassType<ConnectionValue<Node>>;
}

/** Like `connectionType`, with `totalCount`. */
export function countedConnectionType<Node extends object>(
  node: () => ClassType<Node>,
  name: string,
): ClassType<ConnectionValue<Node>> {
  const Page = pageFields(node, name);

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class NodeConnection extends Page {
    count?: () => Promise<number | null>;

    @Field(() => Int, {
      nullable: true,
      description:
        'How many items the whole list has; counted only when selected. Null where counting is not affordable.',
    })
    totalCount(): Promise<number | null> | null {
      return this.count?.() ?? null;
    }
  }
  return NodeConnection as ClassType<ConnectionValue<Node>>;
}

/** What both kinds of connection have. */
function pageFields<Node extends object>(node: () => ClassType<Node>, name: string) {
  @ObjectType(`${name}Edge`, { description: `An item of a ${name}Connection.` })
  class NodeEdge {
    @Field(() => CursorScalar, {
      description: 'The position of this item: hand it back as `after` to go on behind it.',
    })
    cursor!: string;

    @Field(node, { description: 'The item.' })
    node!: Node;
  }

  @ObjectType()
  abstract class ConnectionPage {
    @Field(() => [NodeEdge], { description: 'The items with their cursors.' })
    edges!: NodeEdge[];

    @Field(() => [node()], { description: 'The items alone.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
    pageInfo!: PageInfo;
  }
  return ConnectionPage;
}

/** A page as a connection, each item turned into its node by `toNode`. Made when they are asked for: edges, nodes and cursors. */
export function toConnection<Item, Node>(
  page: Page<Item>,
  toNode: (item: Item) => Node,
  count?: () => Promise<number | null>,
): ConnectionValue<Node> {
  let made: readonly Node[] | undefined;
  const nodes = () => (made ??= page.items.map(({ item }) => toNode(item)));
  return {
    get edges() {
      return nodes().map((node, index) => ({ node, cursor: page.items[index]!.cursor }));
    },
    get nodes() {
      return nodes();
    },
    get pageInfo() {
      return pageInfoOf(page);
    },
    ...(count ? { count } : {}),
  };
}

/** A page of a stream's events as a connection, each made by `toNode`; a node has the cursor of its event. */
export function toStreamConnection<Event extends { readonly cursor: string }, Node>(
  page: StreamPageValue<Event>,
  toNode: (event: Event) => Node,
): ConnectionValue<Node> {
  const edges = page.items.map((event) => ({ cursor: event.cursor, node: toNode(event) }));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: streamPageInfo(page) };
}
