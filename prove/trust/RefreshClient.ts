/** A browser as far as signing in goes: it keeps the refresh cookie. */
export class RefreshClient {
  private readonly origin: string;
  cookie: string;
  accessToken: string;

  private constructor(origin: string, cookie: string, accessToken: string) {
    this.origin = origin;
    this.cookie = cookie;
    this.accessToken = accessToken;
  }

  static async signIn(origin: string, email: string): Promise<RefreshClient> {
    const response = await fetch(`${origin}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'tributary-demo' }),
    });
    if (response.status !== 200) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
    const { accessToken } = (await response.json()) as { accessToken: string };
    return new RefreshClient(origin, cookieOf(response), accessToken);
  }

  /** Sends a refresh token; null when it was refused. Changes nothing here. */
  async send(cookie: string, signal?: AbortSignal): Promise<{ cookie: string; accessToken: string } | null> {
    const response = await fetch(`${this.origin}/auth/refresh`, {
      method: 'POST',
      headers: { cookie },
      ...(signal ? { signal } : {}),
    });
    const answer = (await response.json()) as { accessToken?: string };
    return response.status === 200 ? { cookie: cookieOf(response), accessToken: answer.accessToken! } : null;
  }

  take(next: { readonly cookie: string; readonly accessToken: string }): void {
    this.cookie = next.cookie;
    this.accessToken = next.accessToken;
  }

  /** Two tabs at once: both must get the same next token. Tells whether somebody was signed out. */
  async doubleSubmit(): Promise<boolean> {
    const [left, right] = await Promise.all([this.send(this.cookie), this.send(this.cookie)]);
    if (!left || !right || left.cookie !== right.cookie) return true;
    this.take(left);
    return false;
  }

  /** The line breaks `afterMs` after the request went out, and the client tries again. Tells whether somebody was signed out. */
  async lostAnswer(afterMs: number): Promise<boolean> {
    await this.send(this.cookie, AbortSignal.timeout(afterMs)).catch(() => null);
    const again = await this.send(this.cookie);
    if (!again) return true;
    this.take(again);
    return false;
  }
}

function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}
