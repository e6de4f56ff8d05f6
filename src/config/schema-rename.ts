import { z } from 'zod';
import { parseSchemaRename, type SchemaRename, SchemaRenameError } from '../graphql/type-names.ts';
import type { IssueDetails } from './config-error.ts';

/** `SCHEMA_RENAME`, a text, or `schemaRename` of the file, a map. Undefined where it is not set. */
export const schemaRename: z.ZodType<SchemaRename | undefined> = z
  .unknown()
  .transform((value, context) => {
    try {
      return value === undefined ? undefined : parseSchemaRename(value);
    } catch (error) {
      if (!(error instanceof SchemaRenameError)) throw error;
      const params: IssueDetails = { received: error.received };
      context.addIssue({ code: 'custom', message: error.expected, params: { ...params } });
      return z.NEVER;
    }
  });
