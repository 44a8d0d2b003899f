'use client';
import { useEffect, useState } from 'react';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { TabBar } from '../../ui/TabBar';
import { say } from '../../words/say';

/** How a partner asks, to copy. */
export function Snippet() {
  const [origin, setOrigin] = useState('');
  const [tab, setTab] = useState('curl');
  useEffect(() => setOrigin(window.location.origin), []);
  const curl = `curl -s ${origin}/graphql \\
  -H 'x-api-key: YOUR_KEY' -H 'content-type: application/json' \\
  -d '{"query":"{ flows(first: 5) { nodes { name status } } }"}'`;
  const js = `const response = await fetch('${origin}/graphql', {
  method: 'POST',
  headers: { 'x-api-key': process.env.TRIBUTARY_KEY, 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ flows(first: 5) { nodes { name status } } }' }),
});
const { data, errors } = await response.json();`;
  const live = `import { createTributaryClient } from '@tributary/client';

const client = createTributaryClient({ url: '${origin}/graphql', apiKey: process.env.TRIBUTARY_KEY });
for await (const event of client.flowUpdates()) console.log(event.type, event.flow?.name, event.progress);`;
  const text = (code: string) => (
    <div className="relative">
      <pre
        tabIndex={0}
        aria-label={say('Example')}
        className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs"
      >
        {code}
      </pre>
      <div className="mt-2">
        <CopyButton text={code} />
      </div>
    </div>
  );
  return (
    <Card title={say('How a partner asks')}>
      <TabBar
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'curl', title: 'curl', content: text(curl) },
          { id: 'js', title: 'JavaScript', content: text(js) },
          { id: 'live', title: say('Live'), content: text(live) },
        ]}
      />
    </Card>
  );
}
