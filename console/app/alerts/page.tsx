import type { Metadata } from 'next';
import { AlertsPage } from '@/views/alerts/AlertsPage';

export const metadata: Metadata = { title: 'Alerts' };

export default AlertsPage;
