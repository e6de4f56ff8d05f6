import 'graphiql/setup-workers/vite';
import './styles.ts';
import { createRoot } from 'react-dom/client';
import { Page } from './Page.tsx';
import { readSettings } from './settings.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id "root".');
createRoot(root).render(<Page settings={readSettings(document)} />);
