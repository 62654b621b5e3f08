/**
 * Time for connecting to one address of a host before the next one is tried (connection attempt delay in RFC 8305).
 * Node's default is 250 ms. Under load, a round trip to a distant region takes longer: every attempt is aborted, and
 * each request to a dual-stack host fails with `ETIMEDOUT`.
 */
export const familyAttemptTimeoutMs = 2_500;
