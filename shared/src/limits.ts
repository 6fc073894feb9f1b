/** The limits of a request. The server refuses more, and names the field and the limit; the client checks before it sends. */
export const LIMITS = {
  /** Unicode code points of `key` and `group`, without NUL or lone surrogates. */
  keyCodePoints: 256,
  /** Code points of `holder`, `run` and `fingerprint`. */
  nameCodePoints: 128,
  /** Code points of the URL of a run. */
  urlCodePoints: 512,
  /** Code points of `error_code`, `reason`, `result_hash` and `error_hash`. */
  noteCodePoints: 256,
  /** Bytes of a request body. */
  bodyBytes: 256 * 1024,
  /** Bytes of the body of a batch, or of a completion, whose result may be too large to be kept. */
  batchBodyBytes: 2 * 1024 * 1024,
  batchItems: 500,
  /** Bytes of a result as JSON. */
  resultBytes: 64 * 1024,
  /** Bytes of metadata as JSON. */
  metadataBytes: 2_048,
  /** How long a claim is held. */
  ttlSeconds: { min: 1, max: 31 * 86_400, default: 3_600 },
  /** How long a finished key is remembered. */
  retentionSeconds: { min: 1, max: 400 * 86_400, default: 7 * 86_400 },
  maxAttempts: { min: 1, max: 1_000 },
  waitSeconds: { min: 0, max: 25 },
} as const;
