import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server. */
export interface Connections {
  /** Bytes on all connections so far, those that are closed included. */
  traffic(): { received: number; sent: number };
  /** Stops listening, and closes each connection after its response. The rest is closed after `limitMs`. */
  drain(limitMs: number): Promise<void>;
}

/** Follows the connections of a server. Call it before the server listens. */
export function followConnections(server: Server): Connections {
  const sockets = new Set<Socket>();
  const responses = new Set<ServerResponse>();
  const closed = { received: 0, sent: 0 };
  let isDraining = false;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      closed.received += socket.bytesRead;
      closed.sent += socket.bytesWritten;
    });
  });
  server.prependListener('request', (_request, response: ServerResponse) => {
    responses.add(response);
    if (isDraining) announceEnd(response);
    response.once('close', () => {
      responses.delete(response);
      // The headers of a stream were sent before the shutdown.
      if (isDraining) setImmediate(() => server.closeIdleConnections());
    });
  });
  return {
    traffic: () => {
      let { received, sent } = closed;
      for (const socket of sockets) {
        received += socket.bytesRead;
        sent += socket.bytesWritten;
      }
      return { received, sent };
    },
    drain: async (limitMs) => {
      isDraining = true;
      const over = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const response of responses) announceEnd(response);
      // Node counts a connection that has sent nothing yet as active.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const late = setTimeout(() => server.closeAllConnections(), limitMs);
      await over;
      clearTimeout(late);
    },
  };
}

/** Otherwise a client keeps the connection, and its next request meets a closed one. */
function announceEnd(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
