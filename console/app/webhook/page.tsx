import type { Metadata } from 'next';
import { WebhookPage } from '@/views/webhook/WebhookPage';

export const metadata: Metadata = { title: 'Webhook' };

export default WebhookPage;
