import { useState, type JSX, type SubmitEvent } from 'react';
import { ApiError, sendJson } from '../api-client.ts';

/** Asks for the admin token. The browser keeps a session, never the token. */
export function SignIn({ signedIn }: { readonly signedIn: () => void }): JSX.Element {
  const [token, setToken] = useState('');
  const [fault, setFault] = useState('');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await sendJson('POST', '/operate/session', { token });
      signedIn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFault(error.message);
    }
  };
  return (
    <form className="figure" onSubmit={(event) => void submit(event)}>
      <label htmlFor="token">Admin token</label>
      <input
        id="token"
        type="password"
        autoComplete="current-password"
        required
        value={token}
        aria-describedby="token-help"
        onChange={({ target }) => setToken(target.value)}
      />
      <p id="token-help" className="soft">
        On a laptop it is <code>gateway.admin_token</code> in <code>credentials.json</code> of the
        data folder.
      </p>
      <button type="submit">Sign in</button>
      <p role="alert">{fault}</p>
    </form>
  );
}
