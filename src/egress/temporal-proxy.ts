/** The proxy of a Temporal connection, as the SDK's worker takes it. */
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
 * The same decision for the SDK's client. Its gRPC library reads the proxy from the process's own `grpc_proxy`,
 * `https_proxy` and `http_proxy`: here it is only told whether to look. {@link exportProxy} sets them.
 */
export function clientProxy(proxy: URL | undefined) {
  return { channelArgs: { 'grpc.enable_http_proxy': proxy ? 1 : 0 } };
}

/** Lets the gRPC library of this process find the proxy that the settings name, in any spelling and from `.env`. */
export function exportProxy(proxy: URL | undefined): void {
  if (proxy) process.env['grpc_proxy'] = proxy.href;
}
