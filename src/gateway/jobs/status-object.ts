/** What both routes tell about a job, before it is judged. */
export interface StatusObject {
  /** The object that carries the status, with everything else in it. */
  raw: Record<string, unknown>;
  fields: StatusFields;
}

/** Values as sent; absent where the wire has none. */
export interface StatusFields {
  status?: string | number | undefined;
  progress?: string | number | undefined;
  createdAt?: string | number | undefined;
  completedAt?: string | number | undefined;
  expiresAt?: string | number | undefined;
  usageSeconds?: string | number | undefined;
  quota?: string | number | undefined;
}
