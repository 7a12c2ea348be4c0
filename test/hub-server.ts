/**
 * A local HTTP server that plays the hub, and a second one, on another port, that plays the file server it sends large files to. It
 * does what the real ones do for a page (CORS headers, the list of files, the redirect, no preflight on the file server), and every
 * fault that a download can meet.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with a file: one of these. */
export interface Fault {
  /** An answer of this status, with nothing of the file; and the hub's own word for it. */
  readonly status?: number;
  readonly code?: string;
  /** The connection ends after this many bytes, though more were announced. */
  readonly cutAfter?: number;
  /** As `cutAfter`, without having announced how many there are: only a checksum or a known size tells. */
  readonly endsAfter?: number;
  /** This many bytes come, and then nothing, with the connection left open. */
  readonly stallsAfter?: number;
  /** A few bytes at a time, this many milliseconds apart. */
  readonly slow?: number;
  /** Other bytes than were published, of this type. */
  readonly instead?: Uint8Array;
  readonly type?: string;
  /** A redirect that leads to itself. */
  readonly loop?: boolean;
}

export interface PlayedHub {
  /** `http://127.0.0.1:…`: what a client takes for the hub. */
  readonly address: string;
  /** Requests so far: `GET /owner/name/resolve/…` for the hub, `GET cdn/…` for the file server. */
  readonly log: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  /** By path in the repository. */
  readonly faults: Map<string, Fault>;
  close(): Promise<void>;
}

export interface PlayedRepository {
  readonly id: string;
  /** What the branch `main` is at. */
  readonly commit: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly gated?: boolean;
  /** False for a plain server of files, which has no list. */
  readonly listed?: boolean;
}

/** The hub sends these to its file server; others it gives itself. */
const LARGE = /\.safetensors$/;

/** Plays a hub with one repository until it is closed. */
export async function playHub(repository: PlayedRepository): Promise<PlayedHub> {
  const log: PlayedHub['log'] = [];
  const faults: PlayedHub['faults'] = new Map();
  const cdn = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    log.push({ line: `${request.method} cdn/${path}`, headers: request.headers });
    // The real one answers preflights with a failure: a page can only ask it for whole files.
    if (request.method !== 'GET') end(response, 403, '');
    else void give(request, response, repository, faults.get(path), path);
  });
  const cdnAddress = await listen(cdn);
  const hub = createServer((request, response) => {
    log.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    answer(request, response);
  });
  const address = await listen(hub);

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', address);
    const match = new RegExp(`^/${repository.id}/resolve/([^/]+)/(.+)$`).exec(decodeURI(url.pathname));
    const path = decodeURIComponent(match?.[2] ?? '');
    const fault = faults.get(path);
    if (request.method === 'OPTIONS') end(response, 200, '', corsFor(request));
    else if (url.pathname.startsWith('/api/')) list(request, response, url);
    else if (fault?.loop) redirect(request, response, url.href);
    else if (!match) refuse(request, response, 401, 'RepoNotFound');
    else if (!isVersion(match[1] ?? '')) refuse(request, response, 404, 'RevisionNotFound');
    else if (fault?.status !== undefined) refuse(request, response, fault.status, fault.code);
    else if (!repository.files.has(path)) refuse(request, response, 404, 'EntryNotFound');
    else if (LARGE.test(path)) redirect(request, response, `${cdnAddress}/${encodeURIComponent(path)}`);
    else void give(request, response, repository, fault, path);
  }

  function list(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const match = /^\/api\/models\/(.+)\/revision\/(.+)$/.exec(url.pathname);
    const fault = faults.get('api');
    if (repository.listed === false) end(response, 404, '<html>Not found</html>', corsFor(request));
    else if (match?.[1] !== repository.id) refuse(request, response, 401, 'RepoNotFound');
    else if (!isVersion(match[2] ?? '')) refuse(request, response, 404, 'RevisionNotFound');
    else if (fault?.status !== undefined) refuse(request, response, fault.status, fault.code);
    else end(response, 200, JSON.stringify(listing()), corsFor(request));
  }

  function listing(): object {
    const siblings = Array.from(repository.files, ([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      ...(LARGE.test(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
    }));
    return { id: repository.id, sha: repository.commit, gated: repository.gated ?? false, siblings };
  }

  function isVersion(revision: string): boolean {
    return revision === 'main' || revision === repository.commit;
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: number, code?: string): void {
    const known = repository.listed === false ? undefined : code;
    end(response, status, status === 206 ? 'part' : 'no', {
      ...corsFor(request),
      ...(known !== undefined && { 'x-error-code': known }),
    });
  }

  function redirect(request: IncomingMessage, response: ServerResponse, location: string): void {
    end(response, 302, '', { ...corsFor(request), location, 'x-repo-commit': repository.commit });
  }

  return {
    address,
    log,
    faults,
    async close() {
      for (const server of [hub, cdn]) {
        // Answers that stall would keep it open.
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function give(
  request: IncomingMessage,
  response: ServerResponse,
  { files }: PlayedRepository,
  fault: Fault = {},
  path = '',
): Promise<void> {
  const bytes = fault.instead ?? files.get(path);
  if (!bytes) {
    end(response, 404, 'no', corsFor(request));
    return;
  }
  const announced = fault.endsAfter === undefined ? { 'content-length': bytes.length } : {};
  const type = fault.type ?? 'application/octet-stream';
  response.writeHead(200, { ...corsFor(request), 'content-type': type, ...announced });
  if (fault.cutAfter !== undefined) {
    response.write(bytes.subarray(0, fault.cutAfter), () => response.socket?.destroySoon());
  } else if (fault.endsAfter !== undefined) {
    response.end(bytes.subarray(0, fault.endsAfter));
  } else if (fault.stallsAfter !== undefined) {
    response.flushHeaders();
    response.write(bytes.subarray(0, fault.stallsAfter));
  } else if (fault.slow !== undefined) {
    for (let at = 0; at < bytes.length && !response.destroyed; at += 64) {
      response.write(bytes.subarray(at, at + 64));
      await new Promise((resolve) => setTimeout(resolve, fault.slow));
    }
    response.end();
  } else {
    response.end(bytes);
  }
}

/** As the hub sends them. */
function corsFor({ headers }: IncomingMessage): Record<string, string> {
  return {
    'access-control-allow-origin': headers.origin ?? '*',
    'access-control-expose-headers':
      'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'Origin',
  };
}

function end(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
