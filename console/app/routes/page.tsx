import type { Metadata } from 'next';
import { RoutesPage } from '@/views/routes/RoutesPage';

export const metadata: Metadata = { title: 'Routes' };

export default RoutesPage;
