/** Where the gateway is, and as whom it is asked: an access token of `POST /auth/login`. */
export function access(): { readonly url: string; readonly authorization: string } {
  const { TRIBUTARY_URL: url = 'http://127.0.0.1:4000/graphql', TRIBUTARY_TOKEN: token } = process.env;
  if (!token) throw new Error('Set TRIBUTARY_TOKEN: the accessToken that POST /auth/login answers.');
  return { url, authorization: `Bearer ${token}` };
}
