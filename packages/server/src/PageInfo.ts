import { Directive, Field, ObjectType } from 'type-graphql';
import type { Page } from '@tributary/data';
import { CursorScalar } from './scalars.js';

@ObjectType({ description: 'Where a page stands in its list.' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the first edge. Null on an empty page.' })
  startCursor!: string | null;

  @Field(() => CursorScalar, {
    nullable: true,
    description:
      'The next page’s `after`: the cursor of the last edge, or, on a page of a stream’s events, the position read up to. Null on an empty page of a list.',
  })
  endCursor!: string | null;

  @Field(() => Boolean, { description: 'Whether there is more behind this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is something before this page.' })
  hasPreviousPage!: boolean;
}

export function pageInfoOf(page: Page<unknown>): PageInfo {
  return {
    startCursor: page.items[0]?.cursor ?? null,
    endCursor: page.items.at(-1)?.cursor ?? null,
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
  };
}

/** A page of a stream's events. */
export interface StreamPageValue<Event extends { readonly cursor: string }> extends Readonly<
  Omit<PageInfo, 'startCursor'>
> {
  readonly items: readonly Event[];
}

/** Of a page of a stream's events: it ends where the log was read up to. */
export function streamPageInfo(page: StreamPageValue<{ readonly cursor: string }>): PageInfo {
  const { endCursor, hasNextPage, hasPreviousPage } = page;
  return { startCursor: page.items[0]?.cursor ?? null, endCursor, hasNextPage, hasPreviousPage };
}
