import type { Metadata } from 'next';
import { FlowsPage } from '@/views/flows/FlowsPage';

export const metadata: Metadata = { title: 'Flows' };

export default FlowsPage;
