/** The proxy of a Temporal connection, as an option of the SDK's worker. */
export function nativeProxy(proxy: URL) {
  const { host, username, password } = proxy;
  return {
    type: 'http-connect' as const,
    targetHost: host.includes(':') ? host : `${host}:80`,
    ...(username !== '' && {
      basicAuth: {
        username: decodeURIComponent(username),
        password: decodeURIComponent(password),
      },
    }),
  };
}

/**
 * The same for the SDK's client. Its gRPC library reads the proxy from `grpc_proxy`, `https_proxy` and `http_proxy` of
 * the process, which {@link exportProxy} sets. This option only enables or disables that.
 */
export function clientProxy(proxy: URL | undefined) {
  return { channelArgs: { 'grpc.enable_http_proxy': proxy ? 1 : 0 } };
}

/** Sets `grpc_proxy` of this process, so that the gRPC library uses the configured proxy, even one from `.env`. */
export function exportProxy(proxy: URL | undefined): void {
  if (proxy) process.env['grpc_proxy'] = proxy.href;
}
