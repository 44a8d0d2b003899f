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
    description: 'Cursor of the last edge: the next page’s `after`. Null on an empty page.',
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
