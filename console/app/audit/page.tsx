import type { Metadata } from 'next';
import { AuditPage } from '@/views/audit/AuditPage';

export const metadata: Metadata = { title: 'Audit' };

export default AuditPage;
