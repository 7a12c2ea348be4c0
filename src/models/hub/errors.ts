/** Why a file did not arrive. */
export type DownloadFault =
  | 'unreachable'
  | 'stalled'
  | 'not found'
  | 'refused'
  | 'range refused'
  | 'too many requests'
  | 'server error'
  | 'unexpected answer'
  | 'web page'
  | 'pointer'
  | 'cut off'
  | 'wrong size'
  | 'wrong checksum';

/** A file that could not be downloaded: which, why, and what to do. What was stored before stays, and so does the model in use. */
export class DownloadFailed extends Error {
  override readonly name = 'DownloadFailed';
  readonly fault: DownloadFault;
  readonly file: string;
  readonly url: string;
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;

  constructor(
    { file, url, status }: { file: string; url: string; status?: number | undefined },
    fault: DownloadFault,
    what: string,
    remedy: string,
  ) {
    super(`${file} ${what}. ${remedy}`);
    this.fault = fault;
    this.file = file;
    this.url = url;
    this.status = status;
  }
}
