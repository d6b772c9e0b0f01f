/**
 * What the service worker says with every answer, so that it holds on any static host; docs/hosting.md has it for hosts that can.
 * The built page has the policy in a meta element too, for its first visit.
 */

/**
 * Only our own code runs, and compiled WebAssembly. `connect-src` is wide on purpose: models come from the hub, from its CDNs under
 * names that change, from mirrors, and from any address that a person gives; each of these is asked only when the person asks. What
 * could be loaded without being asked for (scripts, pictures, frames, forms) stays with this origin.
 * `unsafe-inline` for styles alone: positions of floating notes are style attributes.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' blob: 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob: data: https: http://localhost:* http://127.0.0.1:*",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ');

/**
 * Isolation gives wasm its threads. `require-corp` rather than `credentialless`, which Safari does not know: nothing is loaded from
 * elsewhere except through CORS, which both allow.
 */
const RESPONSE_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
} as const;

export function withHeaders(response: Response): Response {
  // What has no body of its own to be read again: redirects, answers to other origins.
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.redirected) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(RESPONSE_HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(status === 204 || status === 304 ? null : response.body, { status, statusText, headers });
}
