import './workers.js';
import 'graphiql/style.css';
import './app.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './createFetcher.js';
import { examples } from './examples.js';
import { Session } from './Session.js';
import { SignInBar } from './SignInBar.jsx';

const { people } = JSON.parse(document.getElementById('settings').textContent);
const session = new Session();
void session.restore();
const fetcher = createFetcher(session);

createRoot(document.getElementById('root')).render(
  <>
    <SignInBar session={session} people={people} />
    <main>
      <GraphiQL
        fetcher={fetcher}
        defaultTabs={examples}
        defaultEditorToolsVisibility="variables"
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          <span />
        </GraphiQL.Logo>
      </GraphiQL>
    </main>
  </>,
);
