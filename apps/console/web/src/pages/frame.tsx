import { useEffect, type JSX, type ReactNode } from 'react';

interface FrameProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** What every page has around it. */
export function Frame({ title, children }: FrameProps): JSX.Element {
  useEffect(() => {
    document.title = title === 'Rollcall' ? title : `${title} · Rollcall`;
  }, [title]);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <nav aria-label="Rollcall">
          <a className="brand" href="/">
            Rollcall
          </a>
          <a href="/operate">Operate</a>
        </nav>
      </header>
      <main id="content">{children}</main>
      <footer className="bottom">
        <p>
          Counted by Rollcall. Nothing here is loaded from another site, and nothing is kept about
          who looks at it.
        </p>
      </footer>
    </>
  );
}
