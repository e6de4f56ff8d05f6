/** Users with a session on each vCenter of the company. Their tokens are their names. */
export const users: readonly string[] = Array.from({ length: 20 }, (_, index) => `user-${index}`);
