import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SecretError } from './SecretProvider.js';
import type { SecretProvider } from './SecretProvider.js';

export interface VaultOptions {
  /** Such as https://vault:8200. */
  readonly address: string;
  readonly namespace?: string | undefined;
  /** A token, or a role of the Kubernetes auth method with the file of the pod's token. */
  readonly auth: { readonly token: string } | { readonly role: string; readonly tokenFile: string };
}

const timeoutMs = 10_000;
const answer = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });
const login = z.object({ auth: z.object({ client_token: z.string() }) });

/** HashiCorp Vault's key-value store, version 2, over HTTP. Paths are `<mount>/<path>`, such as `secret/tributary`. */
export class VaultSecrets implements SecretProvider {
  private token: Promise<string> | null = null;

  constructor(private readonly options: VaultOptions) {}

  async read(path: string): Promise<Record<string, string>> {
    const [mount, ...rest] = path.split('/');
    if (!mount || rest.length === 0) throw new SecretError('write it as vault:<mount>/<path>#<field>');
    this.token ??= this.signIn();
    const body = await this.ask(`${mount}/data/${rest.map(encodeURIComponent).join('/')}`, {
      headers: { 'x-vault-token': await this.token },
    });
    const read = answer.safeParse(body);
    if (!read.success) throw new SecretError('Vault answered in another form than its key-value store, version 2');
    return Object.fromEntries(Object.entries(read.data.data.data).map(([field, value]) => [field, String(value)]));
  }

  private async signIn(): Promise<string> {
    const { auth } = this.options;
    if ('token' in auth) return auth.token;
    const body = await this.ask('auth/kubernetes/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: auth.role, jwt: readTokenFile(auth.tokenFile) }),
    });
    const read = login.safeParse(body);
    if (!read.success) throw new SecretError('Vault gave no token for this role');
    return read.data.auth.client_token;
  }

  private async ask(path: string, request: RequestInit): Promise<unknown> {
    const headers = new Headers(request.headers);
    if (this.options.namespace) headers.set('x-vault-namespace', this.options.namespace);
    let response: Response;
    try {
      response = await fetch(new URL(`/v1/${path}`, this.options.address), {
        ...request,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new SecretError('Vault does not answer: check VAULT_ADDR and the network', { cause });
    }
    if (response.status === 403) throw new SecretError('Vault refuses: check the token and the policy of its role');
    if (response.status === 404) throw new SecretError('Vault has nothing there: check mount and path');
    if (!response.ok) throw new SecretError(`Vault answered ${response.status}`);
    return response.json().catch(() => null);
  }
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new SecretError(`${file} with the token for Vault cannot be read`, { cause });
  }
}
