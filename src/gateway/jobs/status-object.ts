/** The status data of either route, before interpretation. */
export interface StatusObject {
  /** The whole object that contains the status. */
  raw: Record<string, unknown>;
  fields: StatusFields;
}

/** Values as sent. Absent if not sent. */
export interface StatusFields {
  status?: string | number | undefined;
  progress?: string | number | undefined;
  createdAt?: string | number | undefined;
  completedAt?: string | number | undefined;
  expiresAt?: string | number | undefined;
  usageSeconds?: string | number | undefined;
  quota?: string | number | undefined;
}
