/**
 * How long one address of a name may take to connect before the next one is tried (RFC 8305 calls it the connection
 * attempt delay). Node gives up on an IPv4 address after 250 ms, which is less than a round trip from far regions under
 * load: every attempt is dropped, and each request to a dual-stack host fails with `ETIMEDOUT`.
 */
export const familyAttemptTimeoutMs = 2_500;
