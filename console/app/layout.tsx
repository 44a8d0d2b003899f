import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Console } from '@/Console';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Tributary', template: '%s · Tributary' },
  description: 'Flows, assets, figures and alerts of one graph.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

/** Sets the theme before the first paint, so that nobody who works in the dark sees a white flash. */
const theme = `try{var p=JSON.parse(localStorage.getItem('tributary.preferences')||'{}').state||{};var t=p.theme||'system';document.documentElement.dataset.theme=t==='system'?(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'):t;if(p.language)document.documentElement.lang=p.language}catch{document.documentElement.dataset.theme='light'}`;

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: theme }} />
      </head>
      <body>
        <Console>{children}</Console>
      </body>
    </html>
  );
}
