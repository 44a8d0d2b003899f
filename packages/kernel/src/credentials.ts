import { memoise, toWords } from './words.js';

/** What stands in place of a value that lets somebody in. */
export const removedCredential = '[removed: credential]';

const headings =
  /\b(passwords?|passwd|pwd|passphrase|pass phrase|passcode|secrets?|api ?keys?|access ?keys?|private ?keys?|auth ?keys?|encryption ?keys?|ssh ?keys?|tokens?|credentials?|connection ?strings?|conn ?str|snmp ?(community|string)|community ?(string|name)|(ro|rw) community|psk|pre ?shared ?key|sas ?(token|url)|pin code|unlock code|recovery key|bitlocker key|kennwort|kennworter|passwort|passworter|zugangsdaten|mot de passe|mots de passe|contrasena|clave|senha|parola d ordine|wachtwoord|haslo|heslo|losenord|adgangskode|parola|sifre)\b|パスワード|暗証|密码|密碼|口令|비밀번호|암호|пароль|пароли/;
/** Words with one of those in them that are about it, not it. */
const aboutCredentials =
  /\b(expir\w*|age|last|set|change\w*|policy|required|never|date|count|id|name|type|status|enabled|disabled|length|rotation|rotated|manager|protected|authentication|server|service|vault|store|url|uri|path|file|location|owner|hint|arn|fingerprint|algorithm|size|bits)\b/;

/** Where a shell stands, in the environment of a process. */
const workingDirectory = /(?:^|[._])env\.(?:old)?pwd$/i;

/** Whether a column's or field's name says that its values let somebody in. */
export const isCredentialName: (name: string) => boolean = memoise((name) => {
  if (workingDirectory.test(name)) return false;
  const words = toWords(name.slice(name.lastIndexOf('.') + 1)).replaceAll('.', ' ');
  return headings.test(words) && !aboutCredentials.test(words.replace(/\b(user ?name|api ?key|access ?key)\b/g, ''));
});

/** Keys, tokens and hashes by their look: what nobody writes for another reason. */
const looks: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_\w{30,}/,
  /\bglpat-[\w-]{20,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /\bsk_(live|test)_\w{16,}/,
  /\bsk-[A-Za-z0-9_-]{32,}/,
  /\bAIza[\w-]{35}/,
  /\bya29\.[\w-]{20,}/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/,
  /\bhv[sb]\.[\w-]{20,}/,
  /\$2[abxy]\$\d\d\$[./\w]{53}/,
  /\$(1|5|6|7|y|gy|argon2(id?|d))\$[\w./=,$+-]{8,}/,
  /\{(SSHA|SHA|SMD5|MD5|CRYPT)\}[\w+/=]{10,}/,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i,
  /\b(password|passwd|pwd|secret|accountkey|sharedaccesskey|sharedaccesssignature|api[_-]?key|client[_-]?secret)\s*[=:]\s*[^\s;,&"'}]{3,}/i,
  /[?&]sig=[\w%+/-]{20,}/,
];
/** One expression, since nearly all cells have none of them. */
const anyLook = new RegExp(looks.map(({ source }) => source).join('|'), 'i');
const shortestCredential = 12;

/** Cheap to ask of every cell: each look has one of these marks, or a long word of letters and digits. */
function mayBeCredential(text: string): boolean {
  return (
    text.length >= shortestCredential &&
    (text.includes('=') || text.includes(':') || text.includes('$') || text.includes('{') || /[\w-]{16}/.test(text))
  );
}

/** `arn:aws:secretsmanager:…:secret:name` says where a secret is, not what. */
const resourceName = /^arn:[\w-]+:[\w-]+:[\w-]*:\d*:\S+$/;

/** Whether a value lets somebody in, whatever its column is called. */
export function looksLikeCredential(text: string): boolean {
  return (
    mayBeCredential(text) && !resourceName.test(text) && anyLook.test(text) && looks.some((look) => look.test(text))
  );
}

const credentialInJson = /("(?:[^"\\]|\\.)*"\s*:\s*)("(?:[^"\\]|\\.)*")/g;

/** A nested value that is kept as JSON text, without the fields that hold credentials. */
export function withoutCredentials(json: string): string {
  return json.replace(credentialInJson, (whole, key: string) =>
    isCredentialName(key.replace(/"\s*:\s*$/, '').slice(1)) ? `${key}"${removedCredential}"` : whole,
  );
}

/** Says that there is none, or whether there is one. */
const saysNothing =
  /^(|-|n\/a|none|null|yes|no|true|false|set|not set|unset|optional|required|enabled|disabled|configured|not configured|never|\*+|x+)$/i;

/** Whether a value of a field with such a name lets somebody in: blanks and yes or no (`password set: true`) do not. */
export function isCredentialValue(text: string): boolean {
  return text !== removedCredential && !saysNothing.test(text.trim());
}

/** Whether a text of a list does, be it written as labels are: `db_password:hunter2`. */
export function holdsCredential(text: string): boolean {
  const colon = text.indexOf(':');
  return looksLikeCredential(text) || (colon > 0 && colon < 64 && isCredentialName(text.slice(0, colon)));
}

/** A record that is stored already, with what lets somebody in taken out, and how many values that was. */
export function withoutStoredCredentials(record: Readonly<Record<string, unknown>>): {
  readonly record: Record<string, unknown>;
  readonly removed: number;
} {
  let removed = 0;
  const instead = (value: unknown, isRemoved: boolean, safe: unknown = removedCredential): unknown => {
    if (isRemoved) removed += 1;
    return isRemoved ? safe : value;
  };
  const clean = (name: string, value: unknown, isInList: boolean): unknown => {
    if (typeof value === 'string') {
      if (isCredentialName(name)) return instead(value, isCredentialValue(value));
      if (isInList ? holdsCredential(value) : looksLikeCredential(value))
        return instead(value, value !== removedCredential);
      const safe = withoutCredentials(value);
      return instead(value, safe !== value, safe);
    }
    if (typeof value === 'number' && isCredentialName(name)) return instead(value, true);
    if (Array.isArray(value)) return value.map((item: unknown) => clean(name, item, true));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(key, inner, false)]));
  };
  return { record: clean('', record, false) as Record<string, unknown>, removed };
}
