import { memoise, toWords } from '../../normalise/words.js';

/** What stands in place of a value that lets somebody in. */
export const removedCredential = '[removed: credential]';

const headings =
  /\b(passwords?|passwd|pwd|passphrase|pass phrase|passcode|secrets?|api ?keys?|access ?keys?|private ?keys?|auth ?keys?|encryption ?keys?|ssh ?keys?|tokens?|credentials?|connection ?strings?|conn ?str|snmp ?(community|string)|community ?(string|name)|(ro|rw) community|psk|pre ?shared ?key|sas ?(token|url)|pin code|unlock code|recovery key|bitlocker key|kennwort|kennworter|passwort|passworter|zugangsdaten|mot de passe|mots de passe|contrasena|clave|senha|parola d ordine|wachtwoord|haslo|heslo|losenord|adgangskode|parola|sifre)\b|パスワード|暗証|密码|密碼|口令|비밀번호|암호|пароль|пароли/;
/** Words with one of those in them that are about it, not it. */
const aboutCredentials =
  /\b(expir\w*|age|last|set|change\w*|policy|required|never|date|count|id|name|type|status|enabled|disabled|length|rotation|rotated|manager|protected|authentication|server|service|vault|store|url|uri|path|file|location|owner|hint|arn|fingerprint|algorithm|size|bits)\b/;

/** Whether a column's or field's name says that its values let somebody in. */
export const isCredentialName: (name: string) => boolean = memoise((name) => {
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

/** Whether a value lets somebody in, whatever its column is called. */
export function looksLikeCredential(text: string): boolean {
  return mayBeCredential(text) && anyLook.test(text) && looks.some((look) => look.test(text));
}

const credentialInJson = /("(?:[^"\\]|\\.)*"\s*:\s*)("(?:[^"\\]|\\.)*")/g;

/** A nested value that is kept as JSON text, without the fields that hold credentials. */
export function withoutCredentials(json: string): string {
  return json.replace(credentialInJson, (whole, key: string) =>
    isCredentialName(key.replace(/"\s*:\s*$/, '').slice(1)) ? `${key}"${removedCredential}"` : whole,
  );
}
