import { z } from 'zod';
import { tokenPattern } from '../vcenter/token.ts';

const vcenter = z.string('vcenter must be the id of a configured vCenter');

/** RFC 7617 has no control characters in either, and no colon in the user name. */
const printable = /^\P{Cc}+$/u;

/** Whom to log in. The messages have what is expected, and never what was sent. */
export const loginRequest = z.strictObject(
  {
    vcenter,
    userName: z
      .string('userName must be a string')
      .max(256, 'userName must have at most 256 characters')
      .regex(/^[^:]*$/, 'userName must have no colon')
      .regex(printable, 'userName must not be empty or have control characters'),
    password: z
      .string('password must be a string')
      .max(1024, 'password must have at most 1024 characters')
      .regex(printable, 'password must not be empty or have control characters'),
  },
  'the body must be JSON with vcenter, userName and password',
);

/** Which session to end. */
export const logoutRequest = z.strictObject({
  vcenter,
  token: z
    .string('vmware-api-session-id is required')
    .regex(tokenPattern, 'vmware-api-session-id must be 1 to 4096 visible ASCII characters'),
});
