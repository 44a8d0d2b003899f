/** Bytes of one upload, at most: 200 MB. */
export const maxUploadBytes = 200 * 1_048_576;

/** How long an upload is kept behind its last use. */
export const uploadKeptMs = 24 * 3_600_000;

/** By then the bytes of an upload must be there; what is left of it is deleted after that. */
export const uploadUnderWayMs = 3_600_000;
