/** Calls to Temporal since the start of the server. */
export interface Calls {
  queries: number;
  describes: number;
}
