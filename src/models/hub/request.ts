import { DownloadFailed } from './errors.ts';

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** What is asked for, for messages. */
export interface Wanted {
  readonly file: string;
  readonly url: string;
}

const TRY_AGAIN = 'Try again; files that are complete are not loaded twice.';
const BY_HAND = 'Or download the files by hand and drop their folder here.';

/**
 * A plain GET, without cookies, referrer or range: ranges fail across origins on the hub's file servers, and some referrers are blocked.
 *
 * @returns an answer of status 200
 * @throws {DownloadFailed} when there is none
 */
export async function get(
  wanted: Wanted,
  { signal, fetch }: { signal: AbortSignal; fetch: Fetch },
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(wanted.url, {
      method: 'GET',
      mode: 'cors',
      redirect: 'follow',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // What is downloaded is stored by this app: a copy in the browser's own cache would take the room twice.
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const host = hostOf(wanted.url);
    throw new DownloadFailed(
      wanted,
      'unreachable',
      `could not be reached (${host}: ${reasonOf(error)})`,
      `Check the connection, and whether a blocker or the network keeps pages from ${host}. ${BY_HAND}`,
    );
  }
  if (/^https:/i.test(wanted.url) && /^http:/i.test(response.url)) {
    await drop(response);
    const what = `was to come encrypted, and ${hostOf(wanted.url)} sends on to ${hostOf(response.url)} without`;
    throw new DownloadFailed(
      wanted,
      'unexpected answer',
      what,
      `Anybody on the way could change it. ${BY_HAND}`,
    );
  }
  if (response.status === 200) return response;
  await drop(response);
  throw statusFault(wanted, response);
}

/** Ends an answer whose body is not wanted, so that its connection is free. */
export async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

function statusFault({ file, url }: Wanted, { status, statusText, headers }: Response): DownloadFailed {
  const wanted = { file, url, status };
  const code = `${status} ${statusText}`.trim();
  const host = hostOf(url);
  // The hub's own words: RepoNotFound, GatedRepo, EntryNotFound, RevisionNotFound.
  const reason = headers.get('x-error-code') ?? '';
  const said = reason === '' ? code : `${code}, ${reason}`;
  if (status === 404 || status === 410) {
    const remedy = 'Check the name and the version, or choose another model.';
    return new DownloadFailed(wanted, 'not found', `is not on ${host} (${said})`, remedy);
  }
  if (status === 401 || status === 403) {
    // The hub answers 401 also for repositories that do not exist, so that nobody learns which private ones do.
    const remedy = `The model may not exist, be private, or ask for a sign-in, which this page cannot give. ${BY_HAND}`;
    return new DownloadFailed(wanted, 'refused', `was refused by ${host} (${said})`, remedy);
  }
  if (status === 416 || status === 206) {
    const what = `was asked for whole, and ${host} answered about a part of it (${said})`;
    const remedy = `Something between this page and ${host} changes requests: a proxy, or an extension. ${BY_HAND}`;
    return new DownloadFailed(wanted, 'range refused', what, remedy);
  }
  if (status === 429) {
    const remedy = `Wait a few minutes and try again. ${BY_HAND}`;
    return new DownloadFailed(
      wanted,
      'too many requests',
      `was refused by ${host} for now (${said})`,
      remedy,
    );
  }
  if (status >= 500) {
    const what = `was not given, since ${host} has trouble of its own (${said})`;
    return new DownloadFailed(wanted, 'server error', what, `Wait a little. ${TRY_AGAIN}`);
  }
  return new DownloadFailed(wanted, 'unexpected answer', `was not given by ${host} (${said})`, TRY_AGAIN);
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node says "fetch failed" and gives the reason as the cause.
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}
