/** `olivia@acme.example` as `o***@acme.example`: enough to tell colleagues apart, not to write to them. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
