import { describe, expect, test } from '@jest/globals';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql';
import type { Principal } from '@tributary/contracts/principal';
import { Deadline } from '@tributary/kernel';
import { execute, parse, type ExecutionResult } from 'graphql';
import { Allow, type GraphqlContext } from '../src/index.js';
import { buildFederatedSchema } from '../src/buildFederatedSchema.js';

@InputType()
class RangeInput {
  @Field(() => Int) from!: number;
  get isEmpty(): boolean {
    return this.from > 9;
  }
}

@ObjectType('Thing', { description: 'A thing.' })
class Thing {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) @Allow('member.read') owner!: string;
  @Field(() => String, { name: 'called' }) name!: string;
  @Field(() => Int)
  size(@Arg('times', () => Int, { defaultValue: 1 }) times: number): number {
    return this.id.length * times;
  }
  @Field(() => Int, { nullable: true })
  @Allow('member.read')
  get worth(): number {
    return 7;
  }
}

const seen: string[] = [];

@Resolver(() => Thing)
class ThingResolver {
  private readonly owner = 'of the resolver';

  @Query(() => Thing, { nullable: true })
  @Allow('flow.read')
  thing(@Arg('id', () => ID) id: string, @Ctx() context: GraphqlContext): Thing {
    return Object.assign(new Thing(), { id, owner: context.requestId, name: 'n' });
  }

  @Query(() => Thing, { nullable: true })
  @Allow('flow.read')
  plain(): Thing {
    return { id: 'plain', owner: 'o', name: 'n' } as Thing;
  }

  @Query(() => Boolean)
  @Allow('flow.read')
  isEmpty(@Arg('range', () => RangeInput) range: RangeInput): boolean {
    return range.isEmpty;
  }

  @FieldResolver(() => String)
  words(@Root() thing: Thing, @Arg('list', () => [String], { nullable: true }) list: string[] | null): string {
    return `${thing instanceof Thing} ${this.owner} ${thing.id} ${list?.join() ?? ''}`;
  }

  @FieldResolver(() => String)
  @UseMiddleware(async (_, next) => {
    seen.push('middleware');
    return next();
  })
  guarded(@Root() thing: Thing): string {
    return thing.id;
  }
}

/** Of another subgraph in this process: a type of the same name, whose fields ask for nothing. */
@ObjectType('Thing', { description: 'A thing, as others know it.' })
class OtherThing {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) owner!: string;
  @Field(() => String) called!: string;
}
@Resolver(() => OtherThing)
class OtherResolver {
  @Query(() => OtherThing)
  @Allow('flow.read')
  other(): OtherThing {
    return Object.assign(new OtherThing(), { id: '1', owner: 'known', called: 'c' });
  }
}

const schemaOf = (resolver: object) => buildFederatedSchema({ resolvers: [resolver], references: {} }).schema;
const things = schemaOf(new ThingResolver());
const others = schemaOf(new OtherResolver());

function ask(source: string, role: Principal['role'] = 'OWNER', scopes: Principal['scopes'] = null, schema = things) {
  const actor = { kind: scopes ? 'apiKey' : 'user', id: '01900000-0000-7000-8000-000000000002' } as const;
  const principal: Principal = { workspaceId: '01900000-0000-7000-8000-000000000001', actor, role, scopes };
  const contextValue: GraphqlContext = { principal, requestId: 'r', deadline: Deadline.in(1_000) };
  return execute({ schema, document: parse(source), contextValue });
}
const plain = (result: unknown) => JSON.parse(JSON.stringify(result)) as unknown;
const codes = (result: ExecutionResult) =>
  result.errors?.map(({ path, originalError }) => [path?.join('.'), (originalError as { code?: string }).code]);

describe('resolvers without type-graphql’s wrapper', () => {
  test('are plain functions: nothing is awaited where nothing has to be', () => {
    expect(ask('{ thing(id: "ab") { id called owner size(times: 2) worth words(list: ["x", "y"]) } }')).toEqual({
      data: {
        thing: { id: 'ab', called: 'n', owner: 'r', size: 4, worth: 7, words: 'true of the resolver ab x,y' },
      },
    });
  });

  test('give a root that is no instance of its class to the wrapper, which makes one', async () => {
    expect(plain(await ask('{ plain { id called size words } }'))).toEqual({
      data: { plain: { id: 'plain', called: 'n', size: 5, words: 'true of the resolver plain ' } },
    });
  });

  test('leave input classes and middlewares to the wrapper', async () => {
    expect(plain(await ask('{ isEmpty(range: { from: 10 }) thing(id: "a") { guarded } }'))).toEqual({
      data: { isEmpty: true, thing: { guarded: 'a' } },
    });
    expect(seen).toEqual(['middleware']);
  });

  test('check the action of root fields, plain fields, getters and methods', async () => {
    expect(codes(await ask('{ thing(id: "a") { id } }', 'VIEWER', ['asset.read']))).toEqual([
      ['thing', 'INSUFFICIENT_PERMISSIONS'],
    ]);
    expect(codes(await ask('{ thing(id: "a") { id owner worth } }', 'VIEWER', ['flow.read']))).toEqual([
      ['thing.owner', 'INSUFFICIENT_PERMISSIONS'],
      ['thing.worth', 'INSUFFICIENT_PERMISSIONS'],
    ]);
  });

  test('are those of their own subgraph, where another has a type of the same name', async () => {
    expect(plain(await ask('{ other { id owner called } }', 'VIEWER', ['flow.read'], others))).toEqual({
      data: { other: { id: '1', owner: 'known', called: 'c' } },
    });
  });
});
