/** A session token. It goes into a header: visible ASCII (RFC 9110). A list of two tokens contains a space. */
export const tokenPattern = /^[\x21-\x7e]{1,4096}$/;
