import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { OperationOutcome } from '../observability/operation.ts';
import type { Context } from '../resolvers/context.ts';
import { describeOperation, outcomeOf, outcomeOfError } from './outcome.ts';

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
          const outcome = outcomeOf(data, errors, describeOperation(operation));
          outcomes.set(contextValue.loaders, outcome);
        },
      }),
    },
    take: (context) =>
      (context && outcomes.get(context.loaders)) ?? outcomeOfError('invalid', 'BAD_REQUEST'),
  };
}
