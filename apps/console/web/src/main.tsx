import { StrictMode, type JSX } from 'react';
import { createRoot } from 'react-dom/client';
import { HomePage } from './pages/home.tsx';
import { OperatePage } from './pages/operate.tsx';
import { ProjectPage } from './pages/project.tsx';
import './style.css';

/** The page that an address names; the server knows the same addresses. */
function pageOf(path: string): JSX.Element {
  const project = /^\/projects\/([^/]+)\/?$/.exec(path)?.[1];
  if (project !== undefined) return <ProjectPage name={decodeURIComponent(project)} />;
  if (path.startsWith('/operate')) return <OperatePage />;
  return <HomePage />;
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(<StrictMode>{pageOf(window.location.pathname)}</StrictMode>);
