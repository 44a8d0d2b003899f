import type { Metadata } from 'next';
import { FlowPage } from '@/views/flow/FlowPage';

export const metadata: Metadata = { title: 'Flow' };

export default FlowPage;
