import { isGrpcServiceError } from '@temporalio/client';

/** gRPC status INVALID_ARGUMENT. */
const invalidArgument = 3;

/** Whether the server refused a query, e.g. because it knows no such search attribute. */
export function isInvalidArgument(error: unknown): boolean {
  // The SDK wraps the errors of the server.
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === invalidArgument;
}
