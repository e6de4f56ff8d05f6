import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { OperationOutcome } from '../observability/operation.ts';
import type { Context } from '../resolvers/context.ts';
import { outcomeOf, outcomeOfError } from './outcome.ts';

/** The outcomes of the requests that an Apollo Server executes: its responses are text. */
export interface Outcomes {
  /** Collects them. */
  readonly plugin: ApolloServerPlugin<Context & BaseContext>;
  /**
   * The outcome of one request.
   *
   * @param context - of the request; undefined where none was created, since the request is malformed.
   */
  take(context: Context | undefined): OperationOutcome;
}

/** Creates an empty collection. */
export function createOutcomes(): Outcomes {
  // Apollo Server copies the context, but not what is in it.
  const outcomes = new WeakMap<Context['loaders'], OperationOutcome>();
  return {
    plugin: {
      requestDidStart: async () => ({
        willSendResponse: async ({ contextValue, response, operation }) => {
          if (response.body.kind !== 'single') return;
          const { data, errors } = response.body.singleResult;
          const name = operation?.name?.value.slice(0, 256);
          const described = operation && {
            type: operation.operation,
            ...(name !== undefined && { name }),
          };
          outcomes.set(contextValue.loaders, outcomeOf(data, errors, described));
        },
      }),
    },
    take: (context) =>
      (context && outcomes.get(context.loaders)) ?? outcomeOfError('invalid', 'BAD_REQUEST'),
  };
}
