import { useState, type JSX } from 'react';
import type { ApiSession } from '../../../src/api.ts';
import { sendJson } from '../api-client.ts';
import { CataloguePanel } from '../operate/catalogue-panel.tsx';
import { ErasuresPanel } from '../operate/erasures-panel.tsx';
import { PipelinePanel } from '../operate/pipeline-panel.tsx';
import { QueryPanel } from '../operate/query-panel.tsx';
import { RejectionsPanel } from '../operate/rejections-panel.tsx';
import { SignIn } from '../operate/sign-in.tsx';
import { useAnswer } from '../use-answer.ts';
import { Frame } from './frame.tsx';

/** What operators see, after they signed in with the admin token. */
export function OperatePage(): JSX.Element {
  const asked = useAnswer<ApiSession>('/operate/session');
  const [signedInNow, setSignedInNow] = useState(false);
  const isSignedIn = signedInNow || (asked.state === 'answered' && asked.answer.is_signed_in);
  if (asked.state === 'asking')
    return (
      <Frame title="Operate">
        <div className="blank" aria-busy="true" />
      </Frame>
    );
  return (
    <Frame title="Operate">
      <h1>Operate</h1>
      {isSignedIn ? <Panels /> : <SignIn signedIn={() => setSignedInNow(true)} />}
    </Frame>
  );
}

function Panels(): JSX.Element {
  const signOut = async (): Promise<void> => {
    await sendJson('DELETE', '/operate/session').catch(() => undefined);
    window.location.reload();
  };
  return (
    <>
      <p className="links">
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </p>
      <PipelinePanel />
      <RejectionsPanel />
      <CataloguePanel />
      <ErasuresPanel />
      <QueryPanel />
    </>
  );
}
