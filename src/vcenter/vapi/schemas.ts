/** What vAPI declares to return. Upstream data is used only after these schemas have checked it. */
import { z } from 'zod';
import { tokenPattern } from '../token.ts';
import { dateTime } from '../transport/date-time.ts';

/** vAPI's `Session_Info`, the response of `GET /api/session`. */
export const sessionInfo = z.object({
  user: z.string(),
  created_time: dateTime,
  last_accessed_time: dateTime,
});

/** vAPI's `Session_Info`. Times are as upstream wrote them, in the format of RFC 3339. */
export type SessionInfo = z.infer<typeof sessionInfo>;

/** The token in the response of `POST /api/session`. */
export const sessionToken = z.string().regex(tokenPattern);

/** The response of `POST /api/vcenter/system?action=hello`: empty where no release is shared. */
export const helloResult = z.object({ api_release: z.string() });

/** The members of vAPI's `Std_Errors_Error` that clients get; older services leave some out. */
export const stdError = z.object({
  messages: z.array(z.unknown()).optional().catch(undefined),
  data: z.unknown().optional(),
  error_type: z.string().nullish().catch(undefined),
});

/** The part of one of `Std_Errors_Error.messages` that people read. */
export const localizableMessage = z.object({
  localized: z.string().optional().catch(undefined),
  default_message: z.string().optional().catch(undefined),
});

/** vAPI's TransientIndication, a value of `Std_Errors_Error.data`. */
export const transientIndication = z.object({ is_transient: z.literal(true) });
