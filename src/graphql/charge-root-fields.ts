import {
  assertObjectType,
  assertUnionType,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Context } from '../resolvers/context.ts';
import {
  fieldWeight,
  setWeight,
  textWeight,
  weightOnObject,
} from '../resolvers/selection-weight.ts';
import { countRepresentations } from './count-representations.ts';

/**
 * Has each root field charge the budget of its operation for all that its selection resolves, as far as that is
 * known then, before anything of it is resolved. Called once, while the schema is built.
 */
export function chargeRootFields(schema: GraphQLSchema): void {
  const fields = assertObjectType(schema.getQueryType()).getFields();
  for (const field of Object.values(fields)) {
    if (field.name === '_entities') chargeEntities(schema, field);
    else if (field.name === '_service') chargeService(field);
    else chargeField(field);
  }
}

/** Charges a field and its selection; of a list, for each element. */
function chargeField(field: GraphQLField<unknown, Context>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  const type = getNamedType(field.type);
  const isList = isListType(getNullableType(field.type));
  field.resolve = (source, args, context, info) => {
    context.budget.charge(weightOfField(info, field));
    if (!isList || !isObjectType(type))
      return inTurn(context, () => resolve(source, args, context, info));
    const value: unknown = resolve(source, args, context, info);
    if (Array.isArray(value)) context.budget.charge(value.length * weightOnObject(info, type));
    return inTurn(context, () => value);
  };
}

/** Resolves a field at once, or, in an expensive operation, when it has its turn. */
function inTurn({ budget, turn }: Context, resolve: () => unknown): unknown {
  return budget.resolvesManyFields ? turn.takeForStep().then(resolve) : resolve();
}

function weightOfField(info: GraphQLResolveInfo, field: GraphQLField<unknown, Context>): number {
  let total = 0;
  for (const { selectionSet } of info.fieldNodes)
    total += fieldWeight(info, field, selectionSet, 'none');
  return total;
}

/** Charges what is selected on each type of entity as often as it has representations. */
function chargeEntities(schema: GraphQLSchema, field: GraphQLField<unknown, Context>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  const types = assertUnionType(getNamedType(field.type)).getTypes();
  const typeNames = new Set(types.map(({ name }) => name));
  const charged: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
    const representations = args['representations'] as readonly unknown[];
    let total = 1;
    for (const [typeName, count] of countRepresentations(
      representations,
      typeNames,
      context.budget,
    ))
      total += count * (1 + weightOnObject(info, assertObjectType(schema.getType(typeName))));
    context.budget.charge(total);
    return inTurn(context, () => resolve(source, args, context, info));
  };
  field.resolve = charged;
}

/** Has `_service` print the schema once, and its `sdl` count as the size that it has. */
function chargeService(field: GraphQLField<unknown, Context>): void {
  const service = field.resolve?.(undefined, {}, {} as Context, {} as GraphQLResolveInfo);
  const { sdl } = Object(service) as { readonly sdl?: unknown };
  const sdlField = assertObjectType(getNamedType(field.type)).getFields()['sdl'];
  if (typeof sdl !== 'string' || !sdlField)
    throw new Error('a subgraph must have Query._service, which has its sdl');
  setWeight(sdlField, textWeight(sdl));
  field.resolve = () => service;
  chargeField(field);
}
