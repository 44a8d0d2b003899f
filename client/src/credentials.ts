/** Who connects. A function is asked before every connection, `authorization` also before what it gave expires: the place to refresh an access token. */
export type Credentials =
  | { readonly authorization: string | (() => string | Promise<string>); readonly apiKey?: undefined }
  | { readonly apiKey: string | (() => string | Promise<string>); readonly authorization?: undefined };

/** The payload of connection_init. A bare access token is sent as `Bearer`. Rejects when it cannot be had within `timeoutMs`. */
export async function connectionPayload(credentials: Credentials, timeoutMs = 10_000): Promise<Record<string, string>> {
  if (credentials.apiKey !== undefined) return { apiKey: await within(timeoutMs, valueOf(credentials.apiKey)) };
  const authorization = await within(timeoutMs, valueOf(credentials.authorization));
  return { authorization: authorization.includes(' ') ? authorization : `Bearer ${authorization}` };
}

async function valueOf(given: string | (() => string | Promise<string>)): Promise<string> {
  return typeof given === 'function' ? given() : given;
}

/** A network that hangs may hang under whoever fetches the token as well. */
async function within(ms: number, value: Promise<string>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The credentials took too long to come.')), ms);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
