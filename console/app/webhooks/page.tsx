import type { Metadata } from 'next';
import { WebhooksPage } from '@/views/webhooks/WebhooksPage';

export const metadata: Metadata = { title: 'Webhooks' };

export default WebhooksPage;
